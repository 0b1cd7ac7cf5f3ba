#include <cstdio>

#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/exits.h"
#include "cli/guise.h"
#include "cli/inspect.h"

namespace zegel::cli {

int check(const Session& session) {
  const auto settings = settings_of(session);
  if (!settings) return exit_config;
  Problems problems;
  inspect_secrets(*settings, problems);
  inspect_keys(*settings, now(), problems);
  inspect_recipients(*settings, problems);
  inspect_machine(*settings, now(), problems);
  {
    const AsCaller caller;  // delivery.password_file may be root's
    inspect_lines(*settings, problems);
  }
  const int exit = problems.empty() ? exit_ok : exit_config;
  if (session.json) return std::printf("%s\n", nlohmann::json(problems).dump(2).c_str()), exit;
  for (const std::string& problem : problems) std::printf("%s\n", problem.c_str());
  if (problems.empty()) std::printf("%s: ok\n", session.config.c_str());
  return exit;
}

}  // namespace zegel::cli
