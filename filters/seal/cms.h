#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "core/terms.h"
#include "seal/base64_sink.h"
#include "seal/certificate.h"

/// The two CMS structures that mail needs (RFC 5652, RFC 5083), written in one pass.
namespace zegel::seal::cms {

/// Octets in order, never joined.
using Pieces = std::vector<std::string_view>;

/// Writes EnvelopedData over `content` to `out`, for every one of `recipients` (at least one). AES-256-CBC with RSA
/// PKCS #1 v1.5 or ECDH; AES-256-GCM goes with RSAES-OAEP. Error: OpenSSL's reason; what was written is worthless then.
[[nodiscard]] Result<void> encrypt(const Pieces& content, const std::vector<const Certificate*>& recipients, Cipher,
                                   Base64Sink& out);

/// A detached SignedData (SHA-256, capabilities, the certificates of `chain` within) as DER.
[[nodiscard]] Result<std::string> sign(const Pieces& content, X509* signer, EVP_PKEY* key,
                                       const std::vector<X509*>& chain);

}  // namespace zegel::seal::cms
