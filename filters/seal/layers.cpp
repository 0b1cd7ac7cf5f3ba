#include "seal/layers.h"

#include "core/text.h"
#include "mail/header.h"
#include "seal/subject.h"

namespace zegel::seal {

namespace {

/// RFC 9788 11.1: what stands in the place of a hidden subject.
constexpr std::string_view hidden_subject = "[...]";

std::string_view header_of(const mail::Message& message, const mail::Structure& structure) {
  return message.slice(structure.root().header);
}

bool describes_content(const mail::Field& field) { return text::starts_with_folded(field.name, "Content-"); }

std::string content_fields(std::string_view header) {
  return mail::without(header, [](const mail::Field& field) { return !describes_content(field); });
}

}  // namespace

Inner inner_layer(const mail::Message& message, const mail::Structure& structure, const Layering& /*layering*/) {
  const std::string_view header = header_of(message, structure);
  std::string inner = content_fields(header);
  if (inner.empty()) inner = "Content-Type: text/plain\r\n";
  inner += "MIME-Version: 1.0\r\n\r\n";
  return {std::move(inner), message.slice(structure.root().body)};
}

std::string outer_layer(const mail::Message& message, const mail::Structure& structure, const Layering& layering) {
  std::string fields = mail::outer_fields(header_of(message, structure));
  if (layering.hide_subject) return with_subject(fields, hidden_subject);
  return without_tag(fields, layering.strip_tag);
}

}  // namespace zegel::seal
