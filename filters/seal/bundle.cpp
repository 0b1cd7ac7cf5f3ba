#include "seal/bundle.h"

#include <cstring>

#include <openssl/crypto.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/pkcs7.h>

#include "core/text.h"
#include "seal/pkcs12.h"

namespace zegel::seal {

namespace {

constexpr std::size_t most_bytes = 10U << 20;
constexpr std::size_t most_certificates = 10'000;

using Pkcs7Handle = Handle<PKCS7, PKCS7_free>;
using Pkcs12Handle = Handle<PKCS12, PKCS12_free>;

/// OpenSSL's octets, which may be those of a private key: wiped when they go.
struct WipedBytes {
  WipedBytes(unsigned char* from, std::size_t count) : bytes(from), size(count) {}
  WipedBytes(const WipedBytes&) = delete;
  WipedBytes& operator=(const WipedBytes&) = delete;
  ~WipedBytes() { OPENSSL_clear_free(bytes, size); }
  unsigned char* bytes;
  std::size_t size;
};

const unsigned char* raw(std::string_view bytes) { return reinterpret_cast<const unsigned char*>(bytes.data()); }

/// One DER object that fills `der` to its last byte, or null.
template <class T, auto Free>
Handle<T, Free> whole(std::string_view der, T* (*read)(T**, const unsigned char**, long)) {
  const unsigned char* at = raw(der);
  Handle<T, Free> object(read(nullptr, &at, static_cast<long>(der.size())));
  if (object != nullptr && at != raw(der) + der.size()) object.reset();
  return object;
}

bool take_pkcs7(Bundle& bundle, std::string_view der) {
  const auto pkcs7 = whole<PKCS7, PKCS7_free>(der, d2i_PKCS7);
  if (pkcs7 == nullptr || !PKCS7_type_is_signed(pkcs7.get()) || pkcs7->d.sign == nullptr) return false;
  const STACK_OF(X509)* stack = pkcs7->d.sign->cert;
  for (int i = 0; i < sk_X509_num(stack); ++i) bundle.certificates.push_back(share(sk_X509_value(stack, i)));
  return true;
}

bool take_certificate(Bundle& bundle, std::string_view der) {
  auto certificate = whole<X509, X509_free>(der, d2i_X509);
  if (certificate == nullptr) return false;
  bundle.certificates.push_back(std::move(certificate));
  return true;
}

Result<Bundle> read_pkcs12(PKCS12* pkcs12, const AskPassphrase& ask) {
  Secret passphrase;
  if (PKCS12_verify_mac(pkcs12, nullptr, 0) != 1 && PKCS12_verify_mac(pkcs12, "", 0) != 1) passphrase = ask();
  return open_pkcs12(pkcs12, passphrase);
}

Result<Bundle> read_der(std::string_view der, const AskPassphrase& ask) {
  Bundle bundle;
  if (take_certificate(bundle, der) || take_pkcs7(bundle, der)) return bundle;
  const auto pkcs12 = whole<PKCS12, PKCS12_free>(der, d2i_PKCS12);
  const std::string reason = openssl_reason();
  if (pkcs12 == nullptr) return fail("neither a certificate nor a key (" + reason + ")");
  return read_pkcs12(pkcs12.get(), ask);
}

int give_passphrase(char* out, int room, int /*writing*/, void* ask) {
  const Secret passphrase = (*static_cast<const AskPassphrase*>(ask))();
  return static_cast<int>(passphrase.reveal().copy(out, static_cast<std::size_t>(room)));
}

/// The key of one PEM block. `at_block` begins with the block.
PkeyHandle read_key(std::string_view at_block, const AskPassphrase& ask) {
  const BioHandle in = reading(at_block);
  AskPassphrase asking = ask;
  return PkeyHandle(PEM_read_bio_PrivateKey(in.get(), nullptr, give_passphrase, &asking));
}

Result<void> take_block(Bundle& bundle, std::string_view name, std::string_view der, std::string_view at_block,
                        const AskPassphrase& ask) {
  if (name.ends_with("PRIVATE KEY")) {
    PkeyHandle key = read_key(at_block, ask);
    if (key == nullptr) return fail("a private key in it cannot be read (" + openssl_reason() + ")");
    bundle.keys.push_back(std::move(key));
    return {};
  }
  const bool bundle_block = name == PEM_STRING_PKCS7 || name == PEM_STRING_CMS;
  const bool single = name == PEM_STRING_X509 || name == PEM_STRING_X509_OLD;
  if (bundle_block ? take_pkcs7(bundle, der) : !single || take_certificate(bundle, der)) return {};
  return fail("a " + std::string(name) + " in it is broken (" + openssl_reason() + ")");
}

Result<Bundle> read_pem(std::string_view pem, const AskPassphrase& ask) {
  Bundle bundle;
  const BioHandle in = reading(pem);
  for (std::size_t begin = 0;;) {
    char* name = nullptr;
    char* header = nullptr;
    unsigned char* der = nullptr;
    long size = 0;
    if (PEM_read_bio(in.get(), &name, &header, &der, &size) != 1) break;
    const Handle<char, [](char* p) { OPENSSL_free(p); }> owned_name(name), owned_header(header);
    const WipedBytes owned(der, static_cast<std::size_t>(size));
    const std::string_view bytes(reinterpret_cast<const char*>(der), static_cast<std::size_t>(size));
    if (auto taken = take_block(bundle, name, bytes, pem.substr(begin), ask); !taken)
      return std::unexpected(taken.error());
    begin = pem.size() - BIO_ctrl_pending(in.get());
    if (bundle.certificates.size() > most_certificates) return fail("it holds too many certificates");
  }
  const std::string reason = openssl_reason();
  if (bundle.certificates.empty() && bundle.keys.empty())
    return fail("no certificate in it can be read (" + reason + ")");
  return bundle;
}

}  // namespace

Result<Bundle> read_bundle(std::string_view bytes, const AskPassphrase& ask) {
  if (bytes.size() > most_bytes) return fail("it is too large for a file of certificates");
  if (bytes.empty()) return fail("it is empty");
  return bytes.contains("-----BEGIN ") ? read_pem(bytes, ask) : read_der(bytes, ask);
}

}  // namespace zegel::seal
