#include "seal/pkcs12.h"

#include <openssl/crypto.h>
#include <openssl/provider.h>

namespace zegel::seal {

namespace {

/// A world of its own with the algorithms that OpenSSL 3 calls legacy, or null. Made at first use, never unmade.
OSSL_LIB_CTX* old_world() {
  static OSSL_LIB_CTX* const world = [] {
    OSSL_LIB_CTX* made = OSSL_LIB_CTX_new();
    if (made != nullptr && OSSL_PROVIDER_load(made, "default") != nullptr) OSSL_PROVIDER_load(made, "legacy");
    return made;
  }();
  return world;
}

/// While it stands, this thread's OpenSSL works in the old world.
class InOldWorld {
 public:
  InOldWorld() : before_(OSSL_LIB_CTX_set0_default(old_world())) {}
  InOldWorld(const InOldWorld&) = delete;
  InOldWorld& operator=(const InOldWorld&) = delete;
  ~InOldWorld() { OSSL_LIB_CTX_set0_default(before_); }

 private:
  OSSL_LIB_CTX* before_;
};

bool parse(Bundle& bundle, PKCS12* pkcs12, const Secret& passphrase) {
  EVP_PKEY* key = nullptr;
  X509* certificate = nullptr;
  STACK_OF(X509)* others = nullptr;
  // NOLINTNEXTLINE(bugprone-suspicious-stringview-data-usage): a Secret is a std::string, with a NUL behind it
  const int parsed = PKCS12_parse(pkcs12, passphrase.reveal().data(), &key, &certificate, &others);
  const StackHandle owned(others);
  if (key != nullptr) bundle.keys.emplace_back(key);
  if (certificate != nullptr) bundle.certificates.emplace_back(certificate);
  for (int i = 0; i < sk_X509_num(others); ++i) bundle.certificates.push_back(share(sk_X509_value(others, i)));
  return parsed == 1;
}

using DerHandle = Handle<unsigned char, [](unsigned char* der) { OPENSSL_free(der); }>;

/// The same objects, as this world reads them.
bool read_anew(Bundle& bundle) {
  for (X509Handle& x509 : bundle.certificates) {
    unsigned char* der = nullptr;
    const int size = i2d_X509(x509.get(), &der);
    const DerHandle owned(der);
    const unsigned char* at = der;
    x509.reset(size > 0 ? d2i_X509(nullptr, &at, size) : nullptr);
    if (x509 == nullptr) return false;
  }
  for (PkeyHandle& key : bundle.keys) {
    unsigned char* der = nullptr;
    const int size = i2d_PrivateKey(key.get(), &der);
    const DerHandle owned(der);
    const unsigned char* at = der;
    key.reset(size > 0 ? d2i_AutoPrivateKey(nullptr, &at, size) : nullptr);
    if (size > 0) OPENSSL_cleanse(der, static_cast<std::size_t>(size));
    if (key == nullptr) return false;
  }
  return true;
}

}  // namespace

Result<Bundle> open_pkcs12(PKCS12* pkcs12, const Secret& passphrase) {
  Bundle bundle;
  if (parse(bundle, pkcs12, passphrase)) return bundle;
  const std::string reason = openssl_reason();
  bundle = {};
  const bool opened = [&] {
    const InOldWorld here;
    return parse(bundle, pkcs12, passphrase);
  }();
  if (opened && read_anew(bundle)) return bundle;
  static_cast<void>(openssl_reason());
  return fail("this PKCS#12 file does not open with that passphrase (" + reason + ")");
}

}  // namespace zegel::seal
