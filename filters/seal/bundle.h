#pragma once

#include <functional>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "core/secret.h"
#include "seal/openssl.h"

namespace zegel::seal {

/// What a file of certificates holds: certificates, and private keys of senders.
struct Bundle {
  std::vector<X509Handle> certificates;
  std::vector<PkeyHandle> keys;
};

/// Asked for a PKCS#12 file that the empty passphrase does not open, and for an encrypted PEM key.
using AskPassphrase = std::function<Secret()>;

/// Reads PEM (any number of blocks), DER, PKCS#7 (RFC 2315) bundles in either form and PKCS#12 (RFC 7292), told apart
/// by content. At most 10 MB and 10,000 certificates. Error: it is none of them, is broken, or did not open.
[[nodiscard]] Result<Bundle> read_bundle(std::string_view bytes, const AskPassphrase&);

}  // namespace zegel::seal
