#include "notify/delivery_status.h"

#include <algorithm>

#include "core/text.h"
#include "mail/compose.h"

namespace zegel::notify {

namespace {

/// Whatever a next hop says, in printable ASCII.
std::string printable(std::string_view text) {
  std::string out(text);
  std::ranges::replace_if(out, [](char c) { return c < ' ' || c > '~'; }, '?');
  return out;
}

std::string_view action_text(ReportedRecipient::Action action) {
  switch (action) {
    case ReportedRecipient::Action::failed:
      return "failed";
    case ReportedRecipient::Action::delayed:
      return "delayed";
    case ReportedRecipient::Action::delivered:
      return "delivered";
    case ReportedRecipient::Action::relayed:
      return "relayed";
  }
  return "failed";
}

/// One character's code point; `text` is well-formed UTF-8 and not empty. `size`: its octets.
char32_t code_point(std::string_view text, std::size_t& size) {
  const auto lead = static_cast<unsigned char>(text[0]);
  size = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  char32_t value = size == 1 ? lead : lead & (0xFFU >> (size + 1));
  for (std::size_t i = 1; i < size; ++i) value = value << 6 | (static_cast<unsigned char>(text[i]) & 0x3FU);
  return value;
}

std::string hex_number(char32_t number) {
  std::string digits;
  for (; number > 0; number >>= 4) digits.insert(digits.begin(), "0123456789ABCDEF"[number & 15]);
  return digits;
}

bool is_smtp_reply(std::string_view reply) {
  return reply.size() >= 3 && std::ranges::all_of(reply.substr(0, 3), text::is_digit);
}

std::string recipient_group(const Letterhead& head, const Report& report, const ReportedRecipient& about) {
  std::string group = "\r\n";
  if (!about.recipient.original.empty()) {
    group += mail::field("Original-Recipient", printable(about.recipient.original));
  }
  group += mail::field("Final-Recipient", typed_address(about.recipient.mailbox.address()));
  group += mail::field("Action", action_text(about.action));
  group += mail::field("Status", about.status.empty() ? "5.0.0" : about.status);
  if (!about.relay.empty()) group += mail::field("Remote-MTA", "dns; " + printable(about.relay));
  if (!about.reply.empty()) {
    group +=
        mail::field("Diagnostic-Code", (is_smtp_reply(about.reply) ? "smtp; " : "X-Zegel; ") + printable(about.reply));
  }
  group += mail::field("Last-Attempt-Date", mail_date(head.now));
  if (about.action == ReportedRecipient::Action::delayed) {
    group += mail::field("Will-Retry-Until", mail_date(report.will_retry_until));
  }
  return group;
}

}  // namespace

std::string typed_address(std::string_view address) {
  if (text::is_ascii(address) || !text::is_utf8(address)) return "rfc822; " + printable(address);
  std::string out = "utf-8; ";
  while (!address.empty()) {
    std::size_t size = 0;
    const char32_t value = code_point(address, size);
    out += value < 0x80 ? std::string(1, static_cast<char>(value)) : "\\x{" + hex_number(value) + "}";
    address.remove_prefix(size);
  }
  return out;
}

std::string delivery_status(const Letterhead& head, const Report& report) {
  std::string status = mail::field("Reporting-MTA", "dns; " + head.hostname);
  if (!report.envelope_id.empty()) status += mail::field("Original-Envelope-Id", printable(report.envelope_id));
  status += mail::field("Arrival-Date", mail_date(report.arrived));
  for (const auto& about : report.recipients) status += recipient_group(head, report, about);
  return status;
}

}  // namespace zegel::notify
