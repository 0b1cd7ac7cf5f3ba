#include <cstdio>

#include <nlohmann/json.hpp>

#include "cli/ask.h"
#include "cli/commands.h"
#include "cli/exits.h"
#include "cli/print.h"
#include "cli/terminal.h"
#include "seal/passphrase.h"

namespace zegel::cli {

int password_list(const Session& session) {
  const Answer answer = ask(session, "GET", "/passwords");
  if (answer.exit != exit_ok) return answer.exit;
  if (session.json) return print_json(answer.body);
  const std::string today = iso_time(now());
  for (const auto& one : nlohmann::json::parse(answer.body)) {
    const std::string until = text(one, "until");
    std::printf("%-40s since %s, until %s%s\n", text(one, "for").c_str(), text(one, "since").substr(0, 10).c_str(),
                until.substr(0, 10).c_str(), until <= today ? ": too old, agree on a new one" : "");
  }
  return exit_ok;
}

int password_set(const Session& session, const std::string& address) {
  const Secret password = ask_secret("Password agreed with " + address + ": ");
  return say_changed(
      session, ask(session, "POST", path_of({"passwords", address, "set"}), std::string(password.reveal())), "set");
}

int password_new(const Session& session, const std::string& address) {
  const auto settings = settings_of(session);
  if (!settings) return exit_config;
  const Secret password = seal::new_passphrase(settings->office.language, settings->zip.words);
  const Answer answer = ask(session, "POST", path_of({"passwords", address, "set"}), std::string(password.reveal()));
  if (answer.exit == exit_ok) std::printf("%s\n", std::string(password.reveal()).c_str());
  return answer.exit;
}

int password_show(const Session& session, const std::string& reference) {
  const Answer answer = ask(session, "POST", path_of({"passwords", reference, "show"}));
  if (answer.exit != exit_ok) return answer.exit;
  if (session.json) return print_json(answer.body);
  for (const auto& one : nlohmann::json::parse(answer.body)) {
    std::printf("%s  %s\n", text(one, "recipient").c_str(), text(one, "password").c_str());
  }
  return exit_ok;
}

int password_forget(const Session& session, const std::string& address) {
  return say_changed(session, ask(session, "POST", path_of({"passwords", address, "forget"})), "forgotten");
}

}  // namespace zegel::cli
