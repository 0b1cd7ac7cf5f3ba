#include <cstdio>
#include <string>
#include <vector>

#include "check/allowlist.h"
#include "cli/commands.h"
#include "cli/exits.h"
#include "config/load.h"
#include "seal/keys.h"

namespace zegel::cli {

namespace {

using Problems = std::vector<std::string>;

void check_keys(const config::Settings& settings, Problems& problems) {
  const auto keys = seal::Keys::load(
      {settings.smime.certificates, settings.smime.authorities, settings.smime.crl_dir, settings.pgp.home}, now(),
      problems);
  for (const seal::KeyEntry& key : keys->list(now())) {
    if (key.usable || key.secret) continue;
    const std::string where = key.file.empty() ? settings.pgp.home : key.file;
    const std::string whose = key.addresses.empty() ? key.fingerprint : key.addresses.front();
    problems.push_back(where + ":1:1: the key of " + whose + " is never used: " + key.why_not +
                       "; remove it or import a new one");
  }
}

void check_allowlists(const config::Settings& settings, Problems& problems) {
  for (const std::string& path : settings.recipients.allowlist) {
    const auto bytes = read_input(path);
    if (!bytes) continue;
    for (const check::Problem& problem : check::parse_allowlist(*bytes).problems) {
      problems.push_back(path + ":" + std::to_string(problem.line) + ":" + std::to_string(problem.column) + ": " +
                         problem.what + "; " + problem.mend);
    }
  }
}

}  // namespace

int check(const Session& session) {
  const auto settings = settings_of(session);
  if (!settings) return exit_config;
  Problems problems;
  check_keys(*settings, problems);
  check_allowlists(*settings, problems);
  for (const std::string& problem : problems) std::printf("%s\n", problem.c_str());
  if (!problems.empty()) return exit_config;
  std::printf("%s: ok\n", session.config.c_str());
  return exit_ok;
}

}  // namespace zegel::cli
