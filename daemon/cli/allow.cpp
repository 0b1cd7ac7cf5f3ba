#include <cstdio>
#include <iostream>

#include <nlohmann/json.hpp>

#include "check/history.h"
#include "cli/ask.h"
#include "cli/commands.h"
#include "cli/exits.h"
#include "cli/known.h"
#include "cli/print.h"

namespace zegel::cli {

namespace {

nlohmann::json description(const check::Index& known, const std::string& input, Language language) {
  const check::Verdict verdict = known.judge_text(input);
  return {{"input", input},
          {"verdict", std::string(to_text(verdict.standing))},
          {"suggestion", verdict.suggestion},
          {"reason", check::explain_with_figures(verdict, language)}};
}

/// Every input, those of stdin too.
template <class Each>
void each_input(const std::vector<std::string>& inputs, Each each) {
  for (const std::string& input : inputs) {
    if (input != "-") {
      each(input);
      continue;
    }
    for (std::string line; std::getline(std::cin, line);) each(line);
  }
}

/// `INPUT<TAB>VERDICT<TAB>SUGGESTION<TAB>REASON`; tabs and line ends of the input cannot come through: it is one line.
void judge(const check::Index& known, const std::string& input, Language language) {
  const check::Verdict verdict = known.judge_text(input);
  const std::string line = input + '\t' + std::string(to_text(verdict.standing)) + '\t' + verdict.suggestion + '\t' +
                           check::explain_with_figures(verdict, language) + '\n';
  std::fwrite(line.data(), 1, line.size(), stdout);
}

}  // namespace

int allow_list(const Session& session) {
  const Answer answer = ask(session, "GET", "/allow");
  if (answer.exit != exit_ok) return answer.exit;
  if (session.json) return print_json(answer.body);
  for (const auto& entry : nlohmann::json::parse(answer.body)) {
    std::printf("%-8s %6lld  %s\n", text(entry, "source").c_str(), entry.at("mails").get<long long>(),
                text(entry, "entry").c_str());
  }
  return exit_ok;
}

int allow_check(const Session& session, const std::vector<std::string>& inputs) {
  const auto settings = settings_of(session);
  if (!settings) return exit_config;
  const auto known = known_now(session, *settings);
  if (!known) return known.error();
  const Language language = settings->office.language;
  if (!session.json) {
    each_input(inputs, [&](const std::string& input) { judge(**known, input, language); });
    return exit_ok;
  }
  nlohmann::json all = nlohmann::json::array();
  each_input(inputs, [&](const std::string& input) { all.push_back(description(**known, input, language)); });
  return print_json(all.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
}

int allow_learn(const Session& session, const std::string& file) {
  const auto settings = settings_of(session);
  if (!settings) return exit_config;
  const auto bytes = read_input(file);
  if (!bytes) return exit_no_input;
  const auto history = check::parse_history(*bytes, {.now = now(), .own_domains = settings->office.domains});
  if (!history) return complain(exit_data, file + ": " + history.error().why);
  for (const check::Problem& problem : history->problems) {
    complain(exit_data, file + ":" + std::to_string(problem.line) + ": left out: " + problem.what);
  }
  nlohmann::json rows = nlohmann::json::array();
  for (const check::PastRecipient& past : history->recipients) {
    rows.push_back({past.text, past.mails, past.last.value_or(now()).time_since_epoch().count()});
  }
  return say_changed(session, ask(session, "POST", "/learn", rows.dump()), "learned");
}

int allow_add(const Session& session, const std::string& entry) {
  return say_changed(session, ask(session, "POST", path_of({"allow", entry, "add"})), "added");
}

int allow_remove(const Session& session, const std::string& entry) {
  return say_changed(session, ask(session, "POST", path_of({"allow", entry, "remove"})), "removed");
}

}  // namespace zegel::cli
