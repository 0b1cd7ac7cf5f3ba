#include <algorithm>

#include "core/text.h"
#include "smtp/parameters.h"
#include "smtp/path.h"
#include "smtp/received.h"
#include "smtp/session.h"

// The mail transaction: MAIL, RCPT, DATA (RFC 5321 3.3).
namespace zegel::smtp {
namespace {

constexpr std::string_view bad_sender = "5.1.7";     // RFC 3463: bad sender's mailbox address syntax
constexpr std::string_view bad_recipient = "5.1.3";  // bad destination mailbox address syntax

std::expected<mail::Mailbox, Reply> read_path(std::string_view path, bool smtputf8, std::string_view status) {
  if (!smtputf8 && !text::is_ascii(path))
    return std::unexpected(Reply{553, "5.6.7", "say SMTPUTF8 to use such an address"});
  auto mailbox = mail::parse_mailbox(path);
  if (!mailbox) return std::unexpected(Reply{501, std::string(status), mailbox.error().say});
  return std::move(*mailbox);
}

Reply over_size(std::uint64_t limit) {
  return {552, "5.3.4", "message too big, at most " + std::to_string(limit) + " octets"};
}

}  // namespace

Step Session::mail(std::string_view argument) {
  const auto split = split_path(argument, "FROM:");
  if (!split) return say_mistake({501, "5.5.4", "write MAIL FROM:<address>"});
  if (!extended_ && !split->parameters.empty()) return say_mistake({555, "5.5.4", "parameters need EHLO"});
  auto parameters = parse_mail_parameters(split->parameters);
  if (!parameters) return say_mistake(parameters.error());
  envelope_ = {};
  if (!split->path.empty()) {
    auto mailbox = read_path(split->path, parameters->smtputf8, bad_sender);
    if (!mailbox) return say_mistake(mailbox.error());
    envelope_.from = std::move(*mailbox);
  }
  if (parameters->size.value_or(0) > terms_->message_size) return refuse(over_size(terms_->message_size));
  envelope_.body_8bit = parameters->body_8bit;
  envelope_.smtputf8 = parameters->smtputf8;
  envelope_.envelope_id = std::move(parameters->envelope_id);
  declared_size_ = parameters->size.value_or(0);
  return Step::sender;
}

Step Session::rcpt(std::string_view argument) {
  const auto split = split_path(argument, "TO:");
  if (!split) return say_mistake({501, "5.5.4", "write RCPT TO:<address>"});
  if (!extended_ && !split->parameters.empty()) return say_mistake({555, "5.5.4", "parameters need EHLO"});
  auto parameters = parse_rcpt_parameters(split->parameters);
  if (!parameters) return say_mistake(parameters.error());
  std::string path(split->path);
  if (text::equal_folded(path, "postmaster") && !terms_->postmaster_domain.empty())
    path += "@" + terms_->postmaster_domain;
  auto mailbox = read_path(path, envelope_.smtputf8, bad_recipient);
  if (!mailbox) return say_mistake(mailbox.error());
  if (envelope_.to.size() >= terms_->recipients) return say({452, "4.5.3", "too many recipients"});
  candidate_ = {std::move(*mailbox), parameters->notify, std::move(parameters->original)};
  return Step::recipient;
}

Step Session::data(std::string_view argument) {
  if (!argument.empty()) return say_mistake({501, "5.5.4", "DATA takes no argument"});
  return Step::begin_message;
}

void Session::begin_message(std::string head) {
  say({354, "", "end with <CRLF>.<CRLF>"});
  constexpr std::uint64_t most_at_first = 256U << 10;  // no more on the client's word alone
  message_ = std::move(head);
  message_.reserve(message_.size() + std::min(declared_size_, most_at_first));
  dots_.emplace(terms_->message_size);
  head_ = message_.size();
  stage_ = Stage::data;
  waiting_ = Step::read;
}

void Session::discard_message(Reply reply) {
  if (!dots_) return;
  verdict_ = std::move(reply);
  dots_->discard();
  std::string().swap(message_);
}

Step Session::read_message(std::string_view& input) {
  const bool ended = dots_->feed(input, message_);
  if (dots_->fault() != DotReader::Fault::none && message_.capacity() > 64) std::string().swap(message_);
  return ended ? end_message() : Step::read;
}

std::optional<Reply> Session::fault_reply() const {
  using enum DotReader::Fault;
  switch (dots_->fault()) {
    case none:
      break;
    case bare_cr:
      return Reply{554, "5.6.0", "bare CR in the message; lines end in CR LF"};
    case bare_lf:
      return Reply{554, "5.6.0", "bare LF in the message; lines end in CR LF"};
    case nul:
      return Reply{554, "5.6.0", "NUL in the message"};
    case long_line:
      return Reply{554, "5.6.0", "line over 998 octets in the message"};
    case too_big:
      return over_size(terms_->message_size);
  }
  if (verdict_) return verdict_;
  if (count_received(std::string_view(message_).substr(head_)) > terms_->received_fields) {
    return Reply{554, "5.4.6", "too many Received fields: the message goes in circles"};
  }
  return std::nullopt;
}

/// Whatever becomes of the message, the transaction is over (RFC 5321 4.1.1.4).
Step Session::end_message() {
  stage_ = Stage::ready;
  idle_ = 0;
  auto fault = fault_reply();
  dots_.reset();
  if (!fault) return Step::deliver;
  std::string().swap(message_);
  return refuse(std::move(*fault));
}

Step Session::refuse(Reply reply) {
  verdict_ = std::move(reply);
  return Step::refuse;
}

void Session::answer(const Reply* reply) {
  const Step asked = std::exchange(waiting_, Step::read);
  if (asked == Step::sender || asked == Step::recipient) {
    if (reply != nullptr) {
      say(*reply);
    } else if (asked == Step::sender) {
      stage_ = Stage::mail;
      say({250, "2.1.0", "sender OK"});
    } else {
      const bool known =
          std::ranges::any_of(envelope_.to, [&](const auto& one) { return one.mailbox == candidate_.mailbox; });
      if (!known) envelope_.to.push_back(std::move(candidate_));
      stage_ = Stage::rcpt;
      say({250, "2.1.5", "recipient OK"});
    }
  } else if (reply != nullptr) {
    if (asked == Step::deliver && reply->positive()) mistakes_ = 0;  // it means well
    say(*reply);  // which may be refusal(): it goes with the transaction
    reset();      // after a message, taken or refused, none is left
  }
  if (mistakes_ >= terms_->errors) hang_up({421, "4.7.0", terms_->hostname + " too many errors"});
}

}  // namespace zegel::smtp
