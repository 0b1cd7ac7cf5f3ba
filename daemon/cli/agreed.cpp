#include "cli/agreed.h"

#include <memory>

#include <nlohmann/json.hpp>

#include "cli/ask.h"
#include "cli/exits.h"

namespace zegel::cli {

std::map<std::string, Time> agreed_in(const std::string& json) {
  std::map<std::string, Time> whom;
  for (const auto& one : nlohmann::json::parse(json)) {
    whom.emplace(one.at("for").get<std::string>(), Time(seconds(one.at("since_unix").get<std::int64_t>())));
  }
  return whom;
}

namespace {

Secret reveal(const Session& session, const mail::Mailbox& mailbox) {
  const Answer answer = ask(session, "POST", path_of({"passwords", mailbox.address(), "reveal"}));
  if (answer.exit != exit_ok) return {};
  return Secret(nlohmann::json::parse(answer.body).at("password").get<std::string>());
}

}  // namespace

std::function<std::optional<store::AgreedPassword>(const mail::Mailbox&)> agreed_passwords(const Session& session,
                                                                                           Passwords wanted) {
  const Answer answer = ask(session, "GET", "/passwords");
  const auto all =
      std::make_shared<const std::map<std::string, Time>>(agreed_in(answer.exit == exit_ok ? answer.body : "[]"));
  return [all, wanted, &session](const mail::Mailbox& mailbox) -> std::optional<store::AgreedPassword> {
    auto found = all->find(mail::folded(mailbox));
    if (found == all->end()) found = all->find(mailbox.domain);
    if (found == all->end()) return std::nullopt;
    Secret password = wanted == Passwords::only_whether ? Secret("agreed") : reveal(session, mailbox);
    if (password.empty()) return std::nullopt;
    return store::AgreedPassword{std::move(password), found->first, found->second};
  };
}

}  // namespace zegel::cli
