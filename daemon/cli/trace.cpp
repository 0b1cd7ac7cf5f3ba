#include <cstdio>

#include <nlohmann/json.hpp>

#include "cli/ask.h"
#include "cli/commands.h"
#include "cli/exits.h"
#include "cli/print.h"

namespace zegel::cli {

int trace(const Session& session, const std::string& reference_or_message_id) {
  const Answer answer = ask(session, "GET", path_of({"trace", reference_or_message_id}));
  if (answer.exit != exit_ok) return answer.exit;
  if (session.json) return print_json(answer.body);
  for (const auto& row : nlohmann::json::parse(answer.body)) {
    std::printf("%s  %s  %-9s %s%s%s %s\n", text(row, "at").c_str(), text(row, "id").c_str(),
                text(row, "event").c_str(), text(row, "who").c_str(), text(row, "recipient").empty() ? "" : " -> ",
                text(row, "recipient").c_str(), text(row, "detail").c_str());
  }
  return exit_ok;
}

int forget(const Session& session, const std::string& address) {
  const Answer answer = ask(session, "POST", path_of({"forget", address}));
  if (answer.exit != exit_ok) return answer.exit;
  if (session.json) return print_json(answer.body);
  const auto gone = nlohmann::json::parse(answer.body);
  std::printf("erased: %lld learned, %lld keys, %lld passwords, %lld held messages, %lld audit rows\n",
              gone.at("learned").get<long long>(), gone.at("keys").get<long long>(),
              gone.at("passwords").get<long long>(), gone.at("held").get<long long>(),
              gone.at("audit").get<long long>());
  for (const auto& kept : gone.at("kept")) std::printf("kept: %s\n", kept.get<std::string>().c_str());
  return exit_ok;
}

}  // namespace zegel::cli
