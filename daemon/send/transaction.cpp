#include "send/transaction.h"

#include <algorithm>
#include <utility>

#include "send/parameters.h"
#include "send/reply_reader.h"

namespace zegel::send {

namespace {

std::string status_of(const smtp::Reply& reply) {
  if (!reply.enhanced.empty()) return reply.enhanced;
  return std::to_string(reply.code / 100) + ".0.0";
}

Phase patience_for(bool data_among_them) { return data_among_them ? Phase::data : Phase::command; }

}  // namespace

bool Letter::needs_utf8() const {
  return utf8_header || (from && from->needs_utf8()) ||
         std::ranges::any_of(recipients, [](const auto& to) { return to.mailbox.needs_utf8(); });
}

Transaction::Transaction(Letter letter, const Capabilities& offered)
    : letter_(std::move(letter)), offered_(offered), settled_(letter_.recipients.size(), false) {
  for (const auto& recipient : letter_.recipients) outcomes_.push_back({.recipient = recipient});
}

Step Transaction::begin() {
  if (offered_.max_size > 0 && letter_.size > offered_.max_size) {
    return refuse_all(
        "5.3.4", "the message is larger than the next hop takes (" + std::to_string(offered_.max_size) + " octets)");
  }
  if (letter_.needs_utf8() && !offered_.utf8) {
    return refuse_all(letter_.utf8_header ? "5.6.9" : "5.6.7",
                      "the next hop takes no internationalized mail (SMTPUTF8)");
  }
  if (letter_.eight_bit && !offered_.eight_bit) {
    return refuse_all("5.6.3", "the next hop takes no 8-bit mail, and this message must not be changed");
  }
  std::string say = mail_command();
  awaited_.push_back(Awaited::mail);
  if (offered_.pipelining) {
    for (const auto& recipient : letter_.recipients) {
      say += rcpt_command(recipient);
      awaited_.push_back(Awaited::rcpt);
    }
    next_rcpt_ = letter_.recipients.size();
    say += "DATA\r\n";
    awaited_.push_back(Awaited::data);
  }
  return {.say = std::move(say), .phase = Phase::command};
}

std::string Transaction::mail_command() const {
  std::string command = "MAIL FROM:<" + (letter_.from ? letter_.from->address() : std::string()) + ">";
  if (offered_.size) command += " SIZE=" + std::to_string(letter_.size);
  if (offered_.eight_bit && letter_.eight_bit) command += " BODY=8BITMIME";
  if (letter_.needs_utf8()) command += " SMTPUTF8";
  if (offered_.dsn) command += mail_parameters(letter_.envelope_id);
  return command + "\r\n";
}

std::string Transaction::rcpt_command(const mail::Recipient& recipient) const {
  std::string command = "RCPT TO:<" + recipient.mailbox.address() + ">";
  if (offered_.dsn) command += rcpt_parameters(recipient);
  return command + "\r\n";
}

Step Transaction::heard(const smtp::Reply& reply) {
  if (reply.code == 421) {
    line_is_over_ = dismissed_ = true;
    settle_rest(reply);
    return {.then = Step::Then::done};
  }
  answered_ = true;
  const Awaited awaited = awaited_.front();
  awaited_.pop_front();
  return after(awaited, reply);
}

Step Transaction::after(Awaited awaited, const smtp::Reply& reply) {
  switch (awaited) {
    case Awaited::mail:
      after_mail(reply);
      return wait_or_go_on();
    case Awaited::rcpt:
      after_rcpt(reply);
      return wait_or_go_on();
    case Awaited::data:
      return after_data(reply);
    case Awaited::message:
      settle_rest(reply);
      return {.then = Step::Then::done};
    case Awaited::nothing_sent:
      return {.then = Step::Then::done};
  }
  return {.then = Step::Then::done};
}

void Transaction::after_mail(const smtp::Reply& reply) {
  mail_refused_ = reply.code / 100 != 2;
  if (mail_refused_) settle_rest(reply);
}

void Transaction::after_rcpt(const smtp::Reply& reply) {
  const std::size_t index = answered_rcpts_++;
  if (reply.code / 100 != 2 && !settled_[index]) settle(index, reply);
}

Step Transaction::forget_this_one() {
  if (mail_refused_ || line_is_over_) return {.then = Step::Then::done};
  awaited_.push_back(Awaited::nothing_sent);
  return {.say = "RSET\r\n", .phase = Phase::command};
}

Step Transaction::after_data(const smtp::Reply& reply) {
  if (reply.code != 354) {
    // A 2xx here is no delivery: nothing was sent yet.
    if (reply.code < 400) broken("the next hop answered DATA with " + one_line(reply));
    settle_rest(reply);
    return forget_this_one();
  }
  if (anyone_left()) {
    awaited_.push_back(Awaited::message);
    return {.then = Step::Then::message, .phase = Phase::final_dot};
  }
  // RFC 2920 3.1: nobody is left, yet DATA was taken: an empty message, whatever is said of it.
  awaited_.push_back(Awaited::nothing_sent);
  return {.say = ".\r\n", .phase = Phase::final_dot};
}

Step Transaction::wait_or_go_on() {
  if (!awaited_.empty()) return {.phase = patience_for(awaited_.front() == Awaited::data)};
  return say_next();
}

/// Without pipelining: one command at a time.
Step Transaction::say_next() {
  if (mail_refused_) return {.then = Step::Then::done};
  if (next_rcpt_ < letter_.recipients.size()) {
    awaited_.push_back(Awaited::rcpt);
    return {.say = rcpt_command(letter_.recipients[next_rcpt_++]), .phase = Phase::command};
  }
  if (!anyone_left()) return forget_this_one();
  awaited_.push_back(Awaited::data);
  return {.say = "DATA\r\n", .phase = Phase::data};
}

Step Transaction::refuse_all(const std::string& status, const std::string& why) {
  std::string reply = "554 ";
  reply.append(status).append(" ").append(why);
  for (auto& outcome : outcomes_) {
    outcome.kind = Outcome::Kind::failed;
    outcome.status = status;
    outcome.reply = reply;
  }
  settled_.assign(settled_.size(), true);
  return {.then = Step::Then::done};
}

void Transaction::settle(std::size_t recipient, const smtp::Reply& reply) {
  Outcome& outcome = outcomes_[recipient];
  const int kind = reply.code / 100;
  outcome.kind = kind == 2 ? Outcome::Kind::delivered : kind == 5 ? Outcome::Kind::failed : Outcome::Kind::retry;
  outcome.status = status_of(reply);
  outcome.reply = one_line(reply);
  outcome.reports_itself = kind == 2 && offered_.dsn;
  settled_[recipient] = true;
  if (kind == 3) line_is_over_ = true;  // no answer to anything we said: out of step
}

void Transaction::settle_rest(const smtp::Reply& reply) {
  for (std::size_t i = 0; i < settled_.size(); ++i) {
    if (!settled_[i]) settle(i, reply);
  }
}

void Transaction::broken(const std::string& why) {
  line_is_over_ = true;
  for (std::size_t i = 0; i < settled_.size(); ++i) {
    if (settled_[i]) continue;
    outcomes_[i].status = "4.4.2";
    outcomes_[i].reply = why;
    settled_[i] = true;
  }
}

bool Transaction::anyone_left() const { return !std::ranges::all_of(settled_, std::identity()); }

}  // namespace zegel::send
