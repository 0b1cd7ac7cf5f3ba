#include "decide/explain.h"

#include <cstdio>

#include <nlohmann/json.hpp>

#include "cli/agreed.h"
#include "cli/commands.h"
#include "cli/exits.h"
#include "cli/trial.h"
#include "mail/structure.h"
#include "receive/doubt.h"
#include "receive/sender_rules.h"
#include "receive/visible.h"

namespace zegel::cli {

namespace {

using nlohmann::json;

json outcome(const decide::Decision& decision) {
  if (const auto* send = std::get_if<decide::Send>(&decision.what)) {
    return {{"outcome", "send"},
            {"method", std::string(to_text(send->method))},
            {"keys", send->keys},
            {"sign", send->sign},
            {"hide_subject", send->hide_subject},
            {"tls", std::string(to_text(send->tls))},
            {"already_sealed", send->already_sealed},
            {"nothing_to_lock", send->nothing_to_lock},
            {"language", std::string(to_text(send->language))}};
  }
  if (const auto* hold = std::get_if<decide::Hold>(&decision.what)) return {{"outcome", "hold"}, {"why", hold->why}};
  const auto& refuse = std::get<decide::Refuse>(decision.what);
  return {{"outcome", "refuse"}, {"why", refuse.why}, {"say", refuse.say}};
}

/// Every rule, and why it won over the others or not.
json rules_considered(const Trialled& trialled, const mail::Mailbox& to) {
  json all = json::array();
  for (const decide::Considered& one :
       decide::explain_choice(*trialled.snapshot->settings, trialled.envelope.from, to)) {
    all.push_back({{"rule", one.rule}, {"matches", one.matches}, {"won", one.won}, {"why", one.why}});
  }
  return all;
}

json description(const Trialled& trialled, const decide::Decision& decision) {
  const config::Settings& settings = *trialled.snapshot->settings;
  const check::Verdict verdict = trialled.known->judge(decision.recipient.mailbox);
  json ladder = json::array();
  for (const decide::Rung& rung : decision.ladder) {
    ladder.push_back({{"method", std::string(to_text(rung.method))}, {"taken", rung.taken}, {"why", rung.why}});
  }
  json all = outcome(decision);
  all["to"] = decision.recipient.mailbox.address();
  all["rule"] = decision.rule;
  all["choice"] = decision.choice;
  all["rules"] = rules_considered(trialled, decision.recipient.mailbox);
  all["ladder"] = ladder;
  all["check"] = {{"verdict", std::string(to_text(verdict.standing))},
                  {"suggestion", verdict.suggestion},
                  {"action", std::string(to_text(receive::what_to_do(verdict, settings.recipients)))},
                  {"reason", check::explain_with_figures(verdict, Language::en)}};
  return all;
}

void print(const json& one) {
  const auto text = [&](const char* key) { return one.at(key).get<std::string>(); };
  std::printf("%s\n", text("to").c_str());
  const json& check = one.at("check");
  std::printf("  check    %s (%s): %s\n", check["verdict"].get<std::string>().c_str(),
              check["action"].get<std::string>().c_str(), check["reason"].get<std::string>().c_str());
  std::printf("  rule     %s: %s\n", text("rule").c_str(), text("choice").c_str());
  for (const json& rule : one.at("rules")) {
    std::printf("           %s %s: %s\n", rule["won"].get<bool>() ? "*" : " ", rule["rule"].get<std::string>().c_str(),
                rule["why"].get<std::string>().c_str());
  }
  for (const json& rung : one.at("ladder")) {
    std::printf("  %s %-16s %s\n", rung["taken"].get<bool>() ? "->" : "  ", rung["method"].get<std::string>().c_str(),
                rung["why"].get<std::string>().c_str());
  }
  if (text("outcome") != "send") return (void)std::printf("  %-8s %s\n", text("outcome").c_str(), text("why").c_str());
  std::string keys;
  for (const json& key : one.at("keys")) keys += " " + key.get<std::string>();
  std::printf("  leaves   %s%s, TLS %s\n", text("method").c_str(), keys.empty() ? "" : (" to" + keys).c_str(),
              text("tls").c_str());
}

std::string reply_line(const smtp::Reply& reply) {
  return std::to_string(reply.code) + " " + reply.enhanced + " " + reply.text;
}

}  // namespace

int explain(const Session& session, const Trial& trial) {
  int exit = exit_ok;
  const auto trialled = prepare(session, trial, exit);
  if (!trialled) return exit;
  const config::Settings& settings = *trialled->snapshot->settings;
  const auto allowed = receive::may_send(trialled->envelope.from, settings);
  if (!allowed) return complain(exit_data, "refused: 550 5.7.1 " + allowed.error().say);
  const mail::Structure structure = mail::scan(trialled->message);
  const auto plan = receive::judge(*trialled->snapshot, trialled->envelope, trialled->message, structure,
                                   {.now = now(),
                                    .reference = trialled->reference,
                                    .agreed_password = agreed_passwords(session, Passwords::only_whether)});
  if (!plan) return complain(exit_data, "refused: " + reply_line(plan.error().reply));
  if (const auto visible = receive::visible_doubt(trialled->message, settings))
    std::fprintf(stderr, "refused unless confirmed: 550 5.7.1 %s\n", visible->say.c_str());

  json all = json::array();
  for (const decide::Decision& decision : plan->decisions) all.push_back(description(*trialled, decision));
  if (session.json) return std::printf("%s\n", all.dump(2).c_str()), exit_ok;
  for (const json& one : all) print(one);
  return exit_ok;
}

}  // namespace zegel::cli
