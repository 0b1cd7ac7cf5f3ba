#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <iostream>

#include <unistd.h>

#include "cli/commands.h"
#include "cli/exits.h"
#include "cli/nudge.h"
#include "cli/web.h"
#include "config/address.h"
#include "seal/keys.h"
#include "seal/web_key.h"

namespace zegel::cli {

namespace {

/// A keyring to look at keys in, gone afterwards.
class Scratch {
 public:
  Scratch() : path_((std::filesystem::temp_directory_path() / "zegel-fetch-XXXXXX").string()) {
    if (::mkdtemp(path_.data()) == nullptr) throw std::runtime_error("no temporary folder");
  }
  ~Scratch() {
    std::error_code none;
    std::filesystem::remove_all(path_, none);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

std::vector<seal::Imported> import_into(const config::Settings& settings, const std::string& home,
                                        const std::string& keys, bool replace) {
  const seal::KeySources sources{settings.smime.certificates, "", "", home, settings.office.domains};
  return seal::import_keys(sources, keys, replace, now(), [] { return Secret(); });
}

/// What was found, and whether a person wants it. Its domain vouches for it and nobody else.
bool wanted(const config::Settings& settings, const std::string& keys, bool yes) {
  const Scratch scratch;
  for (const seal::Imported& one : import_into(settings, scratch.path() + "/gnupg", keys, false))
    std::printf("found: %s\n       %s\n", one.what.c_str(), one.fingerprint.c_str());
  if (yes) return true;
  std::fputs("Import it? [y/N] ", stderr);
  std::string answer;
  std::getline(std::cin, answer);
  return answer == "y" || answer == "yes";
}

}  // namespace

int key_fetch(const Session& session, const std::string& address, const Fetch& how) {
  const auto settings = settings_of(session);
  if (!settings) return exit_config;
  const auto mailbox = mail::parse_mailbox(address);
  if (!mailbox) return complain(exit_data, address + ": " + mailbox.error().why);
  std::optional<config::HostPort> via;
  if (!how.via.empty()) {
    const auto parsed = config::parse_host_port(how.via);
    if (!parsed) return complain(exit_usage, "--via: " + parsed.error().why);
    via = *parsed;
  }
  const auto bytes = seal::fetch_web_key(seal::web_key_places(*mailbox),
                                         [&](const std::string& url) { return fetch(url, *settings, via); });
  if (!bytes) return complain(exit_unavailable, bytes.error().why);
  const auto keys = seal::web_keys_of(*bytes, *mailbox);
  if (!keys) return complain(exit_data, "the directory's answer: " + keys.error().why);
  if (!wanted(*settings, *keys, how.yes)) return complain(exit_no_input, "not imported");
  int exit = exit_data;
  for (const seal::Imported& one : import_into(*settings, settings->pgp.home, *keys, how.replace)) {
    std::printf("%s %s\n", one.ok ? "imported" : "NOT imported:", one.what.c_str());
    if (one.ok) exit = exit_ok;
  }
  if (exit == exit_ok) nudge_daemon(*settings);
  return exit;
}

}  // namespace zegel::cli
