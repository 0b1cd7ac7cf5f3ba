#include <cstdio>

#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/exits.h"
#include "cli/nudge.h"
#include "cli/terminal.h"
#include "receive/users.h"

namespace zegel::cli {

namespace {

/// The path of server.users, or nothing: the complaint was printed.
std::optional<std::string> users_file(const config::Settings& settings) {
  if (!settings.server.users.empty()) return settings.server.users;
  complain(exit_config, settings.file + ": [server] has no `users`; add users = \"users\" and try again");
  return std::nullopt;
}

}  // namespace

}  // namespace zegel::cli
