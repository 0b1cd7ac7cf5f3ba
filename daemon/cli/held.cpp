#include <cstdio>

#include <nlohmann/json.hpp>

#include "cli/ask.h"
#include "cli/commands.h"
#include "cli/exits.h"
#include "cli/print.h"

namespace zegel::cli {

namespace {

void print(const nlohmann::json& entry) {
  std::printf("%s  %-19.19s  %s -> %s\n", text(entry, "id").c_str(), text(entry, "received").c_str(),
              text(entry, "from").c_str(), joined(entry.at("to")).c_str());
  std::printf("            %s; until %s\n", text(entry, "why").c_str(), text(entry, "expires").c_str());
}

}  // namespace

int held_list(const Session& session) {
  const Answer answer = ask(session, "GET", "/held");
  if (answer.exit != exit_ok) return answer.exit;
  if (session.json) return print_json(answer.body);
  for (const auto& entry : nlohmann::json::parse(answer.body)) print(entry);
  return exit_ok;
}

int held_show(const Session& session, const std::string& reference, bool body) {
  const Answer answer = body ? ask(session, "POST", path_of({"held", reference, "body"}))
                             : ask(session, "GET", path_of({"held", reference}));
  if (answer.exit != exit_ok) return answer.exit;
  if (body) return std::fwrite(answer.body.data(), 1, answer.body.size(), stdout), exit_ok;
  if (session.json) return print_json(answer.body);
  const auto entry = nlohmann::json::parse(answer.body);
  print(entry);
  std::printf("\n%s", lines(entry, "headers").c_str());
  return exit_ok;
}

int held_end(const Session& session, const std::string& verb, const std::string& reference) {
  return say_changed(session, ask(session, "POST", path_of({"held", reference, verb})), verb);
}

}  // namespace zegel::cli
