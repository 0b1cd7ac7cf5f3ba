#include <cstdio>
#include <filesystem>

#include <nlohmann/json.hpp>

#include "cli/agreed.h"
#include "cli/commands.h"
#include "cli/exits.h"
#include "cli/guise.h"
#include "cli/print.h"
#include "cli/trial.h"
#include "log/log.h"
#include "receive/doubt.h"
#include "receive/sender_rules.h"
#include "seal/agent.h"

namespace zegel::cli {

namespace {

using nlohmann::json;

/// A recipient that the gateway would not take at RCPT time ends the trial, as it would end the mail.
bool any_doubt(const Trialled& trialled) {
  bool doubt = false;
  for (const mail::Recipient& recipient : trialled.envelope.to) {
    const check::Verdict verdict = trialled.known->judge(recipient.mailbox);
    const OnDoubt action = receive::what_to_do(verdict, trialled.snapshot->settings->recipients);
    if (action != OnDoubt::refuse && action != OnDoubt::confirm) continue;
    const smtp::Reply reply = receive::doubt_reply(
        recipient.mailbox, verdict, action, trialled.snapshot->settings->recipients.confirm_window, trialled.reference);
    std::fprintf(stderr, "at RCPT: %d %s %s\n", reply.code, reply.enhanced.c_str(), reply.text.c_str());
    doubt = doubt || action == OnDoubt::refuse;
  }
  return doubt;
}

json description(const Trialled& trialled, const seal::Copy& copy) {
  json to = json::array();
  for (const mail::Recipient& recipient : copy.recipients) to.push_back(recipient.mailbox.address());
  return {{"from", trialled.envelope.from_address()},
          {"to", to},
          {"method", std::string(to_text(copy.method))},
          {"keys", copy.keys},
          {"rule", copy.rule},
          {"tls", std::string(to_text(copy.tls))},
          {"already_sealed", copy.was_sealed_already}};
}

/// Gives the description, and what the files do not say: their name and the password.
json write_copy(const Trialled& trialled, const Trial& trial, const seal::Copy& copy, int number) {
  const std::string name = std::to_string(number) + ".eml";
  json all = description(trialled, copy);
  write_file(trial.out + "/" + name, copy.message.bytes());
  write_file(trial.out + "/" + std::to_string(number) + ".json", all.dump(2) + "\n");
  all["file"] = name;
  if (!copy.password.empty()) all["password"] = std::string(copy.password.reveal());
  return all;
}

void print(const json& copy) {
  std::printf("%s\t%s\t%s", text(copy, "file").c_str(), joined(copy.at("to")).c_str(), text(copy, "method").c_str());
  if (copy.contains("password")) std::printf("\tpassword: %s", text(copy, "password").c_str());
  std::printf("\n");
}

int say_refused(const receive::Refused& refused) {
  std::fprintf(stderr, "refused: %d %s %s\n", refused.reply.code, refused.reply.enhanced.c_str(),
               refused.reply.text.c_str());
  if (!refused.why.empty()) std::fprintf(stderr, "  %s\n", refused.why.c_str());
  return refused.reply.transient() ? exit_try_later : exit_data;
}

}  // namespace

int seal(const Session& session, const Trial& trial) {
  int exit = exit_ok;
  const auto trialled = prepare(session, trial, exit);
  if (!trialled) return exit;
  if (const auto allowed = receive::may_send(trialled->envelope.from, *trialled->snapshot->settings); !allowed)
    return say_refused({{550, "5.7.1", allowed.error().say}, "sender", "", allowed.error().why});
  if (any_doubt(*trialled)) return exit_data;
  const seal::PassingAgent agent(trialled->snapshot->settings->pgp.home);
  receive::Examination examination =
      receive::examine(*trialled->snapshot, trialled->envelope, trialled->message,
                       {.now = now(),
                        .reference = trialled->reference,
                        .agreed_password = agreed_passwords(session, Passwords::themselves)});
  if (const auto* refused = std::get_if<receive::Refused>(&examination.outcome)) return say_refused(*refused);
  if (const auto* wait = std::get_if<receive::MustWait>(&examination.outcome)) {
    std::fprintf(stderr, "held: %s: %s\n", wait->recipient.c_str(), wait->why.c_str());
    return exit_data;
  }
  {
    const AsCaller caller;
    std::filesystem::create_directories(trial.out);
  }
  json all = json::array();
  for (const seal::Copy& copy : std::get<receive::Copies>(examination.outcome))
    all.push_back(write_copy(*trialled, trial, copy, static_cast<int>(all.size()) + 1));
  if (session.json) return print_json(all.dump());
  for (const json& copy : all) print(copy);
  return exit_ok;
}

}  // namespace zegel::cli
