#include "seal/clear_by_rule.h"

#include "core/text.h"
#include "mail/header.h"
#include "seal/subject.h"

namespace zegel::seal {

namespace {

bool stays_here(const mail::Field& field) {
  return text::equal_folded(field.name, "Bcc") || text::equal_folded(field.name, "Resent-Bcc") ||
         text::starts_with_folded(field.name, "X-Zegel-");
}

}  // namespace

Sealed ClearByRule::pass(const mail::Message& message, const mail::Structure& structure, std::string_view strip_tag) {
  const mail::Range header = structure.root().header;
  std::string bytes = without_tag(mail::without(message.slice(header), stays_here), strip_tag);
  bytes += message.bytes().substr(header.end);
  return {Sealed::Stamp(), std::move(bytes)};
}

}  // namespace zegel::seal
