#include "seal/layers.h"

#include "core/random.h"
#include "core/text.h"
#include "mail/canonical.h"
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

/// The fields that a reader sees: those outside, but for the trace.
std::string protected_fields(std::string_view header) {
  return mail::without(mail::outer_fields(header),
                       [](const mail::Field& field) { return text::equal_folded(field.name, "Received"); });
}

/// RFC 9788 4.3: `hp="cipher"` on the Content-Type, all else as it was.
std::string marked(std::string_view content) {
  std::string out;
  bool done = false;
  for (const mail::Field& field : mail::fields(content)) {
    std::string_view raw = field.raw;
    if (!done && text::equal_folded(field.name, "Content-Type")) {
      raw = text::trim(raw);
      while (raw.ends_with(';')) raw = text::trim(raw.substr(0, raw.size() - 1));
      out += std::string(raw) + ";\r\n hp=\"cipher\"\r\n";
      done = true;
    } else {
      out += raw;
    }
  }
  return out;
}

/// The fields as they are, those outside as RFC 9788 2.2 records them, and what describes the content.
std::string hidden_header(std::string_view shown, std::string_view content) {
  std::string out(shown);
  const std::string outside = with_subject(shown, hidden_subject);
  for (const mail::Field& field : mail::fields(outside)) { out += "HP-Outer: " + std::string(field.raw); }
  return out + std::string(content) + "MIME-Version: 1.0\r\n\r\n";
}

bool is_signed(const mail::Part& root) {
  return root.is("multipart", "signed") || root.is("application", "pkcs7-mime") ||
         root.is("application", "x-pkcs7-mime");
}

/// A multipart/mixed of one part: the signed message, octet for octet.
Inner wrapped(std::string_view shown, std::string_view content, std::string_view body) {
  const std::string boundary = "=_" + text::hex(random_bytes(20));
  std::string header =
      hidden_header(shown, "Content-Type: multipart/mixed; hp=\"cipher\"; boundary=\"" + boundary + "\"\r\n");
  header += "--" + boundary + "\r\n" + std::string(content) + "\r\n";
  return {std::move(header), body, "\r\n--" + boundary + "--\r\n"};
}

}  // namespace

Inner inner_layer(const mail::Message& message, const mail::Structure& structure, const Layering& layering) {
  const std::string_view header = header_of(message, structure);
  std::string content = content_fields(header);
  if (mail::find(content, "Content-Type").empty()) content += "Content-Type: text/plain\r\n";
  const std::string_view body = message.slice(structure.root().body);
  if (!layering.hide_subject) return {content + "MIME-Version: 1.0\r\n\r\n", body};
  const std::string shown = without_tag(protected_fields(header), layering.strip_tag);
  return is_signed(structure.root()) ? wrapped(shown, content, body)
                                     : Inner{hidden_header(shown, marked(content)), body};
}

Inner signable(Inner inner) {
  if (mail::is_canonical(inner.header) && mail::is_canonical(inner.body)) return inner;
  std::string whole;
  whole.reserve(inner.size());
  for (const std::string_view piece : inner.pieces()) whole += piece;
  auto canonical = mail::canonical_for_signing(whole);
  return canonical ? Inner{std::move(*canonical), {}} : inner;
}

std::string outer_layer(const mail::Message& message, const mail::Structure& structure, const Layering& layering) {
  std::string fields = mail::outer_fields(header_of(message, structure));
  if (layering.hide_subject) return with_subject(fields, hidden_subject);
  return without_tag(fields, layering.strip_tag);
}

}  // namespace zegel::seal
