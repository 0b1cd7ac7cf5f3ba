#include <cstdio>
#include <filesystem>

#include <nlohmann/json.hpp>

#include "cli/agreed.h"
#include "cli/commands.h"
#include "cli/exits.h"
#include "cli/guise.h"
#include "cli/trial.h"
#include "log/log.h"
#include "receive/doubt.h"

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

void write_copy(const Trialled& trialled, const Trial& trial, const seal::Copy& copy, int number) {
  const std::string base = trial.out + "/" + std::to_string(number);
  write_file(base + ".eml", copy.message.bytes());
  write_file(base + ".json", description(trialled, copy).dump(2) + "\n");
  for (const mail::Recipient& recipient : copy.recipients) {
    std::printf("%d.eml\t%s\t%s", number, recipient.mailbox.address().c_str(),
                std::string(to_text(copy.method)).c_str());
    if (!copy.password.empty()) std::printf("\tpassword: %s", std::string(copy.password.reveal()).c_str());
    std::printf("\n");
  }
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
  if (any_doubt(*trialled)) return exit_data;
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
  int number = 0;
  for (const seal::Copy& copy : std::get<receive::Copies>(examination.outcome))
    write_copy(*trialled, trial, copy, ++number);
  return exit_ok;
}

}  // namespace zegel::cli
