#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "seal/bundle.h"
#include "seal/keys.h"

namespace zegel::seal {

/// The S/MIME half of import_keys.
[[nodiscard]] std::vector<Imported> import_certificates(const KeySources&, std::string_view bytes, bool replace,
                                                        Time now, const AskPassphrase&);

/// The S/MIME half of remove_key. Error: not there, or not alone in its file.
[[nodiscard]] Result<std::string> remove_certificate(const KeySources&, std::string_view fingerprint);

}  // namespace zegel::seal
