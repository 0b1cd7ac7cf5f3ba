#include "seal/cms.h"

#include <algorithm>
#include <new>

#include <openssl/ec.h>
#include <openssl/rsa.h>

namespace zegel::seal::cms {

namespace {

constexpr std::size_t write_step = std::size_t{1} << 20;  // BIO_write counts in int

std::unexpected<Error> failed(std::string_view what) { return fail(std::string(what) + ": " + openssl_reason()); }

int sink_write(BIO* bio, const char* bytes, std::size_t size, std::size_t* written) {
  static_cast<Base64Sink*>(BIO_get_data(bio))->write({bytes, size});
  *written = size;
  return 1;
}

long sink_control(BIO* /*bio*/, int command, long /*number*/, void* /*pointer*/) {
  return command == BIO_CTRL_FLUSH ? 1 : 0;
}

using MethodHandle = Handle<BIO_METHOD, BIO_meth_free>;

/// One table for all threads, made at first use and never changed.
const BIO_METHOD* sink_method() {
  static const MethodHandle method = [] {
    MethodHandle made(BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "base64 lines"));
    if (made == nullptr) throw std::bad_alloc();
    BIO_meth_set_write_ex(made.get(), sink_write);
    BIO_meth_set_ctrl(made.get(), sink_control);
    return made;
  }();
  return method.get();
}

BioHandle writing(Base64Sink& out) {
  BioHandle bio(BIO_new(sink_method()));
  if (bio == nullptr) throw std::bad_alloc();
  BIO_set_data(bio.get(), &out);
  BIO_set_init(bio.get(), 1);
  return bio;
}

/// RFC 5753 7.1.4: the key derivation as strong as the curve.
const EVP_MD* derivation_for(const Certificate& recipient) {
  if (recipient.algorithm == "P-384") return EVP_sha384();
  return recipient.algorithm == "P-521" ? EVP_sha512() : EVP_sha256();
}

bool set_parameters(CMS_RecipientInfo* info, const Certificate& recipient, bool oaep) {
  EVP_PKEY_CTX* context = CMS_RecipientInfo_get0_pkey_ctx(info);
  if (context == nullptr) return false;
  if (CMS_RecipientInfo_type(info) == CMS_RECIPINFO_AGREE) {
    return EVP_PKEY_CTX_set_ecdh_kdf_md(context, derivation_for(recipient)) > 0;
  }
  if (!oaep) return true;
  return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_OAEP_PADDING) > 0 &&
         EVP_PKEY_CTX_set_rsa_oaep_md(context, EVP_sha256()) > 0;
}

bool add_recipient(CMS_ContentInfo* cms, const Certificate& recipient, bool oaep) {
  CMS_RecipientInfo* info = CMS_add1_recipient_cert(cms, recipient.x509.get(), CMS_KEY_PARAM);
  return info != nullptr && set_parameters(info, recipient, oaep);
}

bool write_pieces(BIO* bio, const Pieces& pieces) {
  for (std::string_view piece : pieces) {
    for (; !piece.empty(); piece.remove_prefix(std::min(piece.size(), write_step))) {
      const std::string_view step = piece.substr(0, write_step);
      if (BIO_write(bio, step.data(), static_cast<int>(step.size())) != static_cast<int>(step.size())) return false;
    }
  }
  return BIO_flush(bio) == 1;
}

/// Frees the filters that CMS put before `end`.
void unwind(BIO* chain, const BIO* end) {
  while (chain != nullptr && chain != end) {
    BIO* next = BIO_pop(chain);
    BIO_free(chain);
    chain = next;
  }
}

bool stream(CMS_ContentInfo* cms, const Pieces& content, BIO* out) {
  BIO* chain = BIO_new_CMS(out, cms);
  if (chain == nullptr) return false;
  const bool written = write_pieces(chain, content);
  unwind(chain, out);
  return written;
}

bool digest(CMS_ContentInfo* cms, const Pieces& content) {
  BIO* chain = CMS_dataInit(cms, nullptr);
  if (chain == nullptr) return false;
  const bool done = write_pieces(chain, content) && CMS_dataFinal(cms, chain) == 1;
  BIO_free_all(chain);
  return done;
}

/// What we say our senders can read (RFC 8551 2.5.2), best first.
bool add_capabilities(CMS_SignerInfo* signer) {
  STACK_OF(X509_ALGOR)* capabilities = nullptr;
  bool added = true;
  for (const int nid : {NID_aes_256_cbc, NID_aes_192_cbc, NID_aes_128_cbc}) {
    added = added && CMS_add_simple_smimecap(&capabilities, nid, -1) == 1;
  }
  added = added && CMS_add_smimecap(signer, capabilities) == 1;
  sk_X509_ALGOR_pop_free(capabilities, X509_ALGOR_free);
  return added;
}

std::string der_of(CMS_ContentInfo* cms) {
  unsigned char* der = nullptr;
  const int size = i2d_CMS_ContentInfo(cms, &der);
  if (size <= 0) return {};
  std::string bytes(reinterpret_cast<const char*>(der), static_cast<std::size_t>(size));
  OPENSSL_free(der);
  return bytes;
}

}  // namespace

Result<void> encrypt(const Pieces& content, const std::vector<const Certificate*>& recipients, Cipher cipher,
                     Base64Sink& out) {
  if (recipients.empty()) return fail("nobody to encrypt to");
  const bool gcm = cipher == Cipher::aes256_gcm;
  const EVP_CIPHER* algorithm = gcm ? EVP_aes_256_gcm() : EVP_aes_256_cbc();
  const CmsHandle cms(CMS_encrypt(nullptr, nullptr, algorithm, CMS_BINARY | CMS_PARTIAL | CMS_STREAM));
  if (cms == nullptr) return failed("cannot begin to encrypt");
  for (const Certificate* recipient : recipients) {
    if (!add_recipient(cms.get(), *recipient, gcm || recipient->reads_oaep)) {
      return failed("cannot encrypt to " + recipient->fingerprint);
    }
  }
  const BioHandle sink = writing(out);
  if (!stream(cms.get(), content, sink.get())) return failed("cannot encrypt");
  out.finish();
  return {};
}

Result<std::string> sign(const Pieces& content, X509* signer, EVP_PKEY* key, const std::vector<X509*>& chain) {
  constexpr unsigned flags = CMS_BINARY | CMS_DETACHED | CMS_PARTIAL | CMS_NOSMIMECAP;
  const CmsHandle cms(CMS_sign(nullptr, nullptr, nullptr, nullptr, flags));
  if (cms == nullptr) return failed("cannot begin to sign");
  CMS_SignerInfo* info = CMS_add1_signer(cms.get(), signer, key, EVP_sha256(), flags);
  if (info == nullptr || !add_capabilities(info)) return failed("cannot sign");
  for (X509* certificate : chain) CMS_add1_cert(cms.get(), certificate);
  if (!digest(cms.get(), content)) return failed("cannot sign");
  std::string der = der_of(cms.get());
  return der.empty() ? Result<std::string>(failed("cannot sign")) : std::move(der);
}

}  // namespace zegel::seal::cms
