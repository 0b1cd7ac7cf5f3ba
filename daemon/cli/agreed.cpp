#include "cli/agreed.h"

#include <map>
#include <memory>
#include <set>

#include <nlohmann/json.hpp>

#include "cli/ask.h"
#include "cli/exits.h"

namespace zegel::cli {

namespace {

std::set<std::string> agreed_with(const Session& session) {
  std::set<std::string> whom;
  const Answer answer = ask(session, "GET", "/passwords");
  if (answer.exit != exit_ok) return whom;
  for (const auto& one : nlohmann::json::parse(answer.body)) whom.insert(one.at("for").get<std::string>());
  return whom;
}

Secret reveal(const Session& session, const mail::Mailbox& mailbox) {
  const Answer answer = ask(session, "POST", path_of({"passwords", mailbox.address(), "reveal"}));
  if (answer.exit != exit_ok) return {};
  return Secret(nlohmann::json::parse(answer.body).at("password").get<std::string>());
}

}  // namespace

std::function<std::optional<Secret>(const mail::Mailbox&)> agreed_passwords(const Session& session, Passwords wanted) {
  const auto whom = std::make_shared<const std::set<std::string>>(agreed_with(session));
  return [whom, wanted, &session](const mail::Mailbox& mailbox) -> std::optional<Secret> {
    if (!whom->contains(mail::folded(mailbox)) && !whom->contains(mailbox.domain)) return std::nullopt;
    Secret password = wanted == Passwords::only_whether ? Secret("agreed") : reveal(session, mailbox);
    if (password.empty()) return std::nullopt;
    return password;
  };
}

}  // namespace zegel::cli
