#pragma once

#include <string>

#include <openssl/pkcs12.h>

#include "core/result.h"
#include "seal/bundle.h"

namespace zegel::seal {

/// Opens a PKCS#12 file (RFC 7292), one of the days of RC2 too: certification authorities and older systems still hand
/// them out, and OpenSSL 3 keeps those algorithms apart. Error: it does not open with that passphrase.
[[nodiscard]] Result<Bundle> open_pkcs12(PKCS12*, const Secret& passphrase);

}  // namespace zegel::seal
