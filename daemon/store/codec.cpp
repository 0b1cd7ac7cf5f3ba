#include "store/codec.h"

namespace zegel::store {

namespace {

std::uint64_t pack_flags(const mail::Notify& n) {
  return (n.given ? 1U : 0U) | (n.never ? 2U : 0U) | (n.success ? 4U : 0U) | (n.failure ? 8U : 0U) |
         (n.delay ? 16U : 0U);
}

mail::Notify unpack_flags(std::uint64_t bits) {
  return {.given = (bits & 1) != 0,
          .never = (bits & 2) != 0,
          .success = (bits & 4) != 0,
          .failure = (bits & 8) != 0,
          .delay = (bits & 16) != 0};
}

}  // namespace

void Packer::number(std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) bytes_ += static_cast<char>(value | 0x80);
  bytes_ += static_cast<char>(value);
}

void Packer::text(std::string_view value) {
  number(value.size());
  bytes_ += value;
}

void Packer::mailbox(const std::optional<mail::Mailbox>& mailbox) {
  // The local part of a mailbox is never empty: an empty one is "no mailbox".
  text(mailbox ? mailbox->local : std::string_view());
  if (mailbox) text(mailbox->domain);
}

void Packer::recipients(const std::vector<mail::Recipient>& recipients) {
  number(recipients.size());
  for (const mail::Recipient& recipient : recipients) {
    mailbox(recipient.mailbox);
    number(pack_flags(recipient.notify));
    text(recipient.original);
  }
}

void Packer::envelope(const mail::Envelope& envelope) {
  mailbox(envelope.from);
  recipients(envelope.to);
  text(envelope.envelope_id);
  number((envelope.body_8bit ? 1U : 0U) | (envelope.smtputf8 ? 2U : 0U));
}

std::uint64_t Unpacker::number() {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    if (rest_.empty()) throw BadRow();
    const auto byte = static_cast<unsigned char>(rest_.front());
    rest_.remove_prefix(1);
    value |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
    if (byte < 0x80) return value;
  }
  throw BadRow();
}

std::string Unpacker::text() {
  const std::uint64_t size = number();
  if (size > rest_.size()) throw BadRow();
  std::string value(rest_.substr(0, size));
  rest_.remove_prefix(size);
  return value;
}

std::optional<mail::Mailbox> Unpacker::mailbox() {
  std::string local = text();
  if (local.empty()) return std::nullopt;
  return mail::Mailbox{std::move(local), text()};
}

std::vector<mail::Recipient> Unpacker::recipients() {
  const std::uint64_t count = number();
  if (count > rest_.size()) throw BadRow();
  std::vector<mail::Recipient> recipients;
  recipients.reserve(count);
  for (std::uint64_t i = 0; i < count; ++i) {
    auto who = mailbox();
    if (!who) throw BadRow();
    const mail::Notify notify = unpack_flags(number());
    recipients.push_back({std::move(*who), notify, text()});
  }
  return recipients;
}

mail::Envelope Unpacker::envelope() {
  mail::Envelope envelope{.from = mailbox(), .to = recipients(), .envelope_id = text()};
  const std::uint64_t flags = number();
  envelope.body_8bit = (flags & 1) != 0;
  envelope.smtputf8 = (flags & 2) != 0;
  return envelope;
}

}  // namespace zegel::store
