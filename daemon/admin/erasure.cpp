#include "admin/erasure.h"

#include <algorithm>
#include <fstream>

#include "core/text.h"
#include "seal/keys.h"

namespace zegel::admin {

namespace {

bool names(const std::string& text, const mail::Mailbox& mailbox) {
  const auto other = mail::parse_mailbox(text);
  return other && mail::folded(*other) == mail::folded(mailbox);
}

/// `FILE:LINE: names ADDRESS; …` for each line.
void add_lines(const std::string& path, const std::string& address, std::vector<std::string>& kept) {
  std::ifstream file(path);
  int number = 0;
  for (std::string line; std::getline(file, line);) {
    ++number;
    if (text::lower(line).contains(address))
      kept.push_back(path + ":" + std::to_string(number) + ": your own line names it; take it out there");
  }
}

}  // namespace

std::size_t forget_keys(const receive::Snapshot& snapshot, const mail::Mailbox& mailbox,
                        std::vector<std::string>& kept) {
  const config::Settings& settings = *snapshot.settings;
  const seal::KeySources sources{settings.smime.certificates, settings.smime.authorities, settings.smime.crl_dir,
                                 settings.pgp.home};
  std::size_t removed = 0;
  for (const seal::KeyEntry& key : snapshot.keys->list(now())) {
    if (std::ranges::none_of(key.addresses, [&](const std::string& one) { return names(one, mailbox); })) continue;
    if (std::ranges::any_of(key.addresses, [&](const std::string& one) { return !names(one, mailbox); })) {
      kept.push_back("key " + key.fingerprint + ": it names others too; `zegel key remove` takes it away");
      continue;
    }
    if (const auto gone = seal::remove_key(sources, key.fingerprint)) {
      ++removed;
    } else {
      kept.push_back("key " + key.fingerprint + ": " + gone.error().why);
    }
  }
  return removed;
}

void what_others_keep(const config::Settings& settings, const std::string& address, std::vector<std::string>& kept) {
  add_lines(settings.file, address, kept);
  for (const std::string& path : settings.recipients.allowlist) add_lines(path, address, kept);
  if (settings.log.addresses == config::LogAddresses::full)
    kept.push_back(
        "the log: whoever keeps it turns it over in time; log.addresses = \"hash\" leaves persons out of it");
}

}  // namespace zegel::admin
