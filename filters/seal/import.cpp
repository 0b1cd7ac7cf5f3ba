#include "core/text.h"
#include "seal/keys.h"
#include "seal/pgp_import.h"
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
                                  const std::function<Secret()>& passphrase) {
  if (looks_like_pgp(bytes)) return import_pgp_keys(sources, bytes, replace, now);
  return import_certificates(sources, bytes, replace, now, passphrase);
}

Result<std::string> remove_key(const KeySources& sources, std::string_view fingerprint) {
  constexpr std::size_t pgp_digits = 40;
  const std::string digits = bare(fingerprint);
  if (digits.size() == pgp_digits) return remove_pgp_key(sources, digits);
  auto removed = remove_certificate(sources, digits);
  if (removed) return removed;
  const auto newer = remove_pgp_key(sources, digits);  // a PGP key of version 6 has as many digits as a certificate
  return newer ? newer : removed;
}

}  // namespace zegel::seal
