#include <cstdio>

#include <nlohmann/json.hpp>

#include "cli/ask.h"
#include "cli/commands.h"
#include "cli/exits.h"
#include "cli/print.h"

namespace zegel::cli {

namespace {

void print_copy(const nlohmann::json& copy) {
  std::printf("%s  %-19.19s  %8llu  %s%s -> %s\n", text(copy, "id").c_str(), text(copy, "received").c_str(),
              copy.at("size").get<unsigned long long>(), text(copy, "method").c_str(),
              copy.at("notice").get<bool>() ? " notice" : "", joined(copy.at("to")).c_str());
  const bool on_hold = copy.at("on_hold").get<bool>();
  std::printf("            %s%s%s\n", on_hold ? "on hold" : ("next try " + text(copy, "due")).c_str(),
              text(copy, "last_reply").empty() ? "" : "; last: ", text(copy, "last_reply").c_str());
}

}  // namespace

int queue_list(const Session& session) {
  JsonList list;
  for (std::string path = "/queue"; !path.empty();) {
    const Answer answer = ask(session, "GET", path);
    if (answer.exit != exit_ok) return answer.exit;
    const auto page = nlohmann::json::parse(answer.body);
    for (const auto& copy : page.at("copies")) {
      if (session.json) {
        list.add(copy);
      } else {
        print_copy(copy);
      }
    }
    const auto& next = page.at("next");
    path = next.is_null() ? std::string() : "/queue/after/" + std::to_string(next.get<long long>());
  }
  if (session.json) list.end();
  return exit_ok;
}

int queue_change(const Session& session, const std::string& verb, const std::string& reference) {
  return say_changed(session, ask(session, "POST", path_of({"queue", reference, verb})), verb);
}

}  // namespace zegel::cli
