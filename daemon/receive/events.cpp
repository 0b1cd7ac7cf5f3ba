#include "receive/events.h"

#include <algorithm>

#include "mail/header.h"
#include "mail/structure.h"

namespace zegel::receive {

namespace {

constexpr std::size_t longest_message_id = 250;

std::string joined(const std::vector<std::string>& words) {
  std::string all;
  for (const std::string& word : words) all += (all.empty() ? "" : ",") + word;
  return all;
}

}  // namespace

void log_received(const Arrival& arrival) {
  log::Event event("received");
  event.id(arrival.reference).field("client", arrival.client.address).address("from", arrival.envelope.from_address());
  event.field("recipients", arrival.envelope.to.size()).field("size", arrival.size);
  event.field("tls", arrival.client.tls.empty() ? "none" : arrival.client.tls);
  if (!arrival.client.user.empty()) event.field("user", arrival.client.user);
  event.send();
}

void log_refused(std::string_view reference, const Client& client, const std::optional<mail::Mailbox>& from,
                 std::string_view to, std::string_view reason, std::string_view suggestion, const smtp::Reply& reply,
                 std::string_view why) {
  log::Event event("refused");
  if (!reference.empty()) event.id(reference);
  event.address("from", from ? from->address() : "");
  if (!to.empty()) event.address("to", to);
  event.field("reason", reason);
  if (!suggestion.empty()) event.address("suggestion", suggestion);
  event.field("reply", std::to_string(reply.code) + " " + reply.enhanced).field("client", client.address);
  if (!why.empty()) event.field("why", why);
  event.send();
}

void log_reminder(std::string_view reference, const mail::Mailbox& recipient, Time until) {
  log::Event("reminder", log::Level::warning)
      .id(reference)
      .address("to", recipient.address())
      .field("what", "the agreed password must be renewed")
      .field("until", iso_time(until))
      .send();
}

void log_store_failed(std::string_view reference, const std::exception_ptr& accident) {
  try {
    std::rethrow_exception(accident);
  } catch (const std::exception& what) {
    log::Event("alarm", log::Level::error)
        .id(reference)
        .field("what", "the store cannot take mail")
        .field("why", what.what())
        .send();
  }
}

void Tidings::tell(metrics::Meters& meters) const {
  for (log::Event line : lines) line.send();
  for (const Method method : sealed) meters.sealed(method);
}

Tidings tidings_of(const store::Submission& submission, const seal::Keys& keys) {
  Tidings tidings;
  if (submission.held) {
    for (const mail::Recipient& recipient : submission.envelope.to) {
      log::Event& event = tidings.lines.emplace_back("held").id(submission.reference);
      event.address("from", submission.envelope.from_address()).address("to", recipient.mailbox.address());
      event.field("why", submission.held->why);
      if (!submission.held->suggestion.empty()) event.address("suggestion", submission.held->suggestion);
    }
  }
  for (const store::OutgoingCopy& copy : submission.copies) {
    if (copy.notice) continue;
    for (const mail::Recipient& recipient : copy.recipients) {
      tidings.sealed.push_back(copy.method);
      log::Event& event = tidings.lines.emplace_back("sealed").id(submission.reference);
      event.address("to", recipient.mailbox.address()).field("method", to_text(copy.method)).field("rule", copy.rule);
      if (!copy.keys.empty()) event.field("key", joined(copy.keys));
      if (keys.through_domain(recipient.mailbox, copy.keys)) event.field("certificate", "domain");
      event.field("size", copy.message.size());
    }
  }
  return tidings;
}

std::string message_id_of(const mail::Message& message) {
  const std::size_t end = message.bytes().find("\r\n\r\n");
  const auto found = mail::find(message.bytes().substr(0, end == std::string_view::npos ? end : end + 2), "Message-ID");
  if (found.empty()) return {};
  std::string value = found.front().value();
  const bool printable = std::ranges::all_of(value, [](char c) { return c > ' ' && c < 0x7F; });
  return printable && value.size() <= longest_message_id ? value : std::string();
}

}  // namespace zegel::receive
