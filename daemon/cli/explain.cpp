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

std::string reply_line(const smtp::Reply& reply) {
  return std::to_string(reply.code) + " " + reply.enhanced + " " + reply.text;
}

/// What the recipient check makes of the outcome: it comes before the policy, but for holding.
void add_check(const Trialled& trialled, const mail::Mailbox& to, json& all) {
  const config::Recipients& settings = trialled.snapshot->settings->recipients;
  const check::Verdict verdict = trialled.known->judge(to);
  const OnDoubt action = receive::what_to_do(verdict, settings);
  all["check"] = {{"verdict", std::string(to_text(verdict.standing))},
                  {"suggestion", verdict.suggestion},
                  {"action", std::string(to_text(action))},
                  {"reason", check::explain_with_figures(verdict, Language::en)}};
  const bool asks = action == OnDoubt::confirm && all["outcome"] == "send";  // else: even confirmed it would not go
  if (action == OnDoubt::refuse || asks) {
    all["outcome"] = std::string(to_text(action));
    all["say"] = reply_line(receive::doubt_reply(to, verdict, action, settings.confirm_window, trialled.reference));
  } else if (action == OnDoubt::hold && all["outcome"] == "send") {
    all["outcome"] = "hold";
    all["why"] = check::explain(verdict, Language::en);
  }
}

json description(const Trialled& trialled, const decide::Decision& decision) {
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
  add_check(trialled, decision.recipient.mailbox, all);
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
  if (one.contains("say")) std::printf("  %-8s %s\n", text("outcome").c_str(), text("say").c_str());
  if (one.contains("why")) std::printf("  %-8s %s\n", text("outcome").c_str(), text("why").c_str());
  if (text("outcome") != "send" && text("outcome") != "confirm") return;
  std::string keys;
  for (const json& key : one.at("keys")) keys += " " + key.get<std::string>();
  const std::string how = one.at("nothing_to_lock").get<bool>()  ? "readable (there are no attachments to lock)"
                          : one.at("already_sealed").get<bool>() ? "as it is: it is encrypted already"
                                                                 : text("method") + (keys.empty() ? "" : " to" + keys);
  std::printf("  leaves   %s, TLS %s%s\n", how.c_str(), text("tls").c_str(),
              text("outcome") == "confirm" ? ", once confirmed" : "");
}

/// For a message that nobody gets.
int say_refused(const Session& session, const Trialled& trialled, const std::string& say) {
  if (!session.json) return complain(exit_data, "refused: " + say);
  json all = json::array();
  for (const mail::Recipient& to : trialled.envelope.to)
    all.push_back({{"to", to.mailbox.address()}, {"outcome", "refuse"}, {"say", say}});
  return std::printf("%s\n", all.dump(2).c_str()), exit_data;
}

/// More people than should see each other: every copy waits for a confirmation.
void add_visible_doubt(const Trialled& trialled, json& all) {
  const auto doubt = receive::visible_doubt(trialled.message, *trialled.snapshot->settings);
  if (!doubt) return;
  for (json& one : all) {
    if (one["outcome"] != "send") continue;
    one["outcome"] = "confirm";
    one["say"] = "550 5.7.1 " + doubt->say;
  }
}

}  // namespace

int explain(const Session& session, const Trial& trial) {
  int exit = exit_ok;
  const auto trialled = prepare(session, trial, exit);
  if (!trialled) return exit;
  const config::Settings& settings = *trialled->snapshot->settings;
  const auto allowed = receive::may_send(trialled->envelope.from, settings);
  if (!allowed) return say_refused(session, *trialled, "550 5.7.1 " + allowed.error().say);
  const mail::Structure structure = mail::scan(trialled->message);
  const auto plan = receive::judge(*trialled->snapshot, trialled->envelope, trialled->message, structure,
                                   {.now = now(),
                                    .reference = trialled->reference,
                                    .agreed_password = agreed_passwords(session, Passwords::only_whether)});
  if (!plan) return say_refused(session, *trialled, reply_line(plan.error().reply));
  json all = json::array();
  for (const decide::Decision& decision : plan->decisions) all.push_back(description(*trialled, decision));
  add_visible_doubt(*trialled, all);
  if (session.json) return std::printf("%s\n", all.dump(2).c_str()), exit_ok;
  for (const json& one : all) print(one);
  return exit_ok;
}

}  // namespace zegel::cli
