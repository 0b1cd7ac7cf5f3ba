#include "core/text.h"
#include "seal/keys.h"
#include "seal/smime_import.h"

namespace zegel::seal {

namespace {

/// Fingerprints as people copy them: with colons or blanks, in any case.
std::string bare(std::string_view fingerprint) {
  std::string digits;
  for (const char c : fingerprint) {
    if (text::is_alnum(c)) digits += text::upper(c);
  }
  return digits;
}

}  // namespace

std::vector<Imported> import_keys(const KeySources& sources, std::string_view bytes, bool replace, Time now,
                                  const std::function<std::string()>& passphrase) {
  return import_certificates(sources, bytes, replace, now, passphrase);
}

Result<std::string> remove_key(const KeySources& sources, std::string_view fingerprint) {
  return remove_certificate(sources, bare(fingerprint));
}

}  // namespace zegel::seal
