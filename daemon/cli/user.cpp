#include <cstdio>

#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/exits.h"
#include "cli/guise.h"
#include "cli/terminal.h"
#include "core/secret.h"
#include "receive/users.h"

namespace zegel::cli {

namespace {

/// The path of server.users; empty: the complaint was printed.
std::string users_file(const Session& session) {
  const auto settings = settings_of(session);
  if (!settings) return {};
  if (settings->server.users.empty()) {
    complain(exit_config, session.config + ": [server] has no `users`; add users = \"users\" and make that file");
  }
  return settings->server.users;
}

}  // namespace

int user_list(const Session& session) {
  const std::string file = users_file(session);
  if (file.empty()) return exit_config;
  const auto names = receive::list_users(file);
  if (session.json) return std::printf("%s\n", nlohmann::json(names).dump(2).c_str()), exit_ok;
  for (const std::string& name : names) std::printf("%s\n", name.c_str());
  return exit_ok;
}

int user_add(const Session& session, const std::string& name) {
  const std::string file = users_file(session);
  if (file.empty()) return exit_config;
  const Secret password = ask_secret("Password of " + name + ": ");
  const AsCaller caller;
  const auto added = receive::add_user(file, name, password.reveal());
  if (!added) return complain(exit_data, added.error().why);
  share_with_group(file);
  std::printf("%s may log in now\n", name.c_str());
  return exit_ok;
}

int user_remove(const Session& session, const std::string& name) {
  const std::string file = users_file(session);
  if (file.empty()) return exit_config;
  const AsCaller caller;
  const auto removed = receive::remove_user(file, name);
  if (!removed) return complain(exit_no_input, removed.error().why);
  share_with_group(file);
  std::printf("%s may log in no more\n", name.c_str());
  return exit_ok;
}

}  // namespace zegel::cli
