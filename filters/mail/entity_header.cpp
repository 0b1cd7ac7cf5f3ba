#include "mail/entity_header.h"

#include <algorithm>
#include <array>

#include "core/text.h"
#include "mail/header.h"

namespace zegel::mail {

namespace {

/// The Content-* fields of one header block.
struct MimeFields {
  std::vector<Field> type, encoding, disposition, id;
};

void sort_in(const Field& field, MimeFields& out) {
  if (!text::starts_with_folded(field.name, "Content-")) return;
  const std::string_view kind = field.name.substr(8);
  if (text::equal_folded(kind, "Type")) out.type.push_back(field);
  if (text::equal_folded(kind, "Transfer-Encoding")) out.encoding.push_back(field);
  if (text::equal_folded(kind, "Disposition")) out.disposition.push_back(field);
  if (text::equal_folded(kind, "ID")) out.id.push_back(field);
}

/// Some readers begin a new line, and so a new field, at a vertical tab, form feed or separator. What RFC 5322 2.2 lets
/// into a header has none of them; escape stays, for old Japanese.
bool has_control(std::string_view header) {
  return std::ranges::any_of(header, [](char c) {
    const bool control = (c >= 0 && c < ' ') || c == '\x7f';
    return control && c != '\t' && c != '\r' && c != '\n' && c != '\x1b';
  });
}

/// A line of blanks only inside a field: some readers take it for the end of the header.
bool has_blank_fold(std::string_view raw) {
  for (std::size_t lf = raw.find('\n'); lf != std::string_view::npos; lf = raw.find('\n', lf + 1)) {
    const std::size_t next = raw.find_first_not_of(" \t", lf + 1);
    if (next != std::string_view::npos && raw[next] == '\r') return true;
  }
  return false;
}

void check_field(const Field& field, std::vector<Oddity>& out) {
  if (field.name.empty()) {
    out.push_back({"malformed-field", "a line in a header that is not a field"});
  } else if (field.raw[field.name.size()] != ':') {
    out.push_back({"space-before-colon", "a blank between a field's name and its colon"});
  }
  if (has_blank_fold(field.raw)) out.push_back({"blank-fold", "a line of blanks inside a header field"});
}

void read_type(const MimeFields& fields, Part& part, std::vector<Oddity>& out) {
  MimeValue value = parse_mime_value(fields.type.front().value());
  std::ranges::copy(value.oddities, std::back_inserter(out));
  const std::size_t slash = value.token.find('/');
  const auto is_token = [](std::string_view token) {
    return !token.empty() && std::ranges::all_of(token, [](char c) {
      return c > ' ' && c < '\x7f' && !std::string_view("()<>@,;:\\\"/[]?=").contains(c);
    });
  };
  if (slash == std::string::npos || !is_token(std::string_view(value.token).substr(0, slash)) ||
      !is_token(std::string_view(value.token).substr(slash + 1))) {
    out.push_back({"malformed-content-type", "a Content-Type that cannot be read"});
    part.type = "application";
    part.subtype = "octet-stream";
    return;
  }
  part.type = value.token.substr(0, slash);
  part.subtype = value.token.substr(slash + 1);
  part.parameters = std::move(value.parameters);
  // Unfolded it may have other blanks to each reader.
  if (!fields.type.front().raw.contains(part.parameter("boundary")))
    out.push_back({"odd-boundary", "a boundary that goes on in the next line"});
}

void read_encoding(const MimeFields& fields, Part& part, std::vector<Oddity>& out) {
  struct Name {
    std::string_view text;
    Encoding value;
  };
  static constexpr std::array names = {
      Name{"7bit", Encoding::bit7},      Name{"8bit", Encoding::bit8},
      Name{"binary", Encoding::binary},  Name{"quoted-printable", Encoding::quoted_printable},
      Name{"base64", Encoding::base64},  Name{"x-uuencode", Encoding::uuencode},
      Name{"x-uue", Encoding::uuencode}, Name{"uuencode", Encoding::uuencode}};
  const std::string value = fields.encoding.front().value();
  const auto known =
      std::ranges::find_if(names, [&](const Name& name) { return text::equal_folded(name.text, value); });
  if (known == names.end()) {
    out.push_back({"unknown-encoding", "a Content-Transfer-Encoding that is unknown"});
    part.encoding = Encoding::binary;
    return;
  }
  part.encoding = known->value;
  part.says_encoding = true;
  const bool coded = part.encoding >= Encoding::quoted_printable;
  if (coded && part.is_multipart()) out.push_back({"encoded-multipart", "a multipart with a transfer encoding"});
  if (coded && part.type == "message") out.push_back({"encoded-message", "a message part with a transfer encoding"});
}

void read_disposition(const MimeFields& fields, Part& part, std::vector<Oddity>& out) {
  MimeValue value = parse_mime_value(fields.disposition.front().value());
  std::ranges::copy(value.oddities, std::back_inserter(out));
  part.disposition = value.token;
  part.disposition_parameters = std::move(value.parameters);
}

std::string without_brackets(std::string_view id) {
  id = text::trim(id);
  if (id.starts_with('<')) id.remove_prefix(1);
  if (id.ends_with('>')) id.remove_suffix(1);
  return std::string(id);
}

}  // namespace

std::vector<Oddity> read_entity_header(std::string_view header, bool in_digest, Part& part) {
  std::vector<Oddity> out;
  MimeFields mime;
  for (const Field& field : fields(header)) {
    check_field(field, out);
    sort_in(field, mime);
  }
  if (mime.type.size() > 1) out.push_back({"duplicate-content-type", "two Content-Type fields"});
  if (mime.encoding.size() > 1) out.push_back({"duplicate-encoding", "two Content-Transfer-Encoding fields"});
  if (mime.disposition.size() > 1) out.push_back({"duplicate-disposition", "two Content-Disposition fields"});
  if (mime.id.size() > 1) out.push_back({"duplicate-content-id", "two Content-ID fields"});
  if (has_control(header)) out.push_back({"control-in-header", "a control character in a header"});
  if (in_digest) {
    part.type = "message";
    part.subtype = "rfc822";
  }
  if (!mime.type.empty()) read_type(mime, part, out);
  if (!mime.encoding.empty()) read_encoding(mime, part, out);
  if (!mime.disposition.empty()) read_disposition(mime, part, out);
  if (!mime.id.empty()) part.content_id = without_brackets(mime.id.front().value());
  if (part.is("message", "partial")) out.push_back({"message-partial", "a message in pieces (message/partial)"});
  if (part.is("message", "external-body")) {
    out.push_back({"external-body", "a body kept elsewhere (message/external-body)"});
  }
  return out;
}

std::vector<Oddity> check_boundary(const Part& multipart) {
  const std::string_view boundary = multipart.parameter("boundary");
  if (boundary.empty()) return {{"no-boundary", "a multipart without a boundary"}};
  const auto unfit = [](char c) { return c < ' ' || c > '~' || c == '"' || c == '\\' || c == ';'; };
  const bool is_word = boundary.starts_with("=?") && boundary.ends_with("?=");  // to some readers, of RFC 2047
  const bool is_quoted = boundary.starts_with('\'') && boundary.ends_with('\'');
  if (boundary.size() > 70 || boundary.ends_with(' ') || boundary.starts_with(' ') || is_word || is_quoted ||
      std::ranges::any_of(boundary, unfit)) {
    return {{"odd-boundary", "a boundary that RFC 2046 does not allow"}};
  }
  return {};
}

}  // namespace zegel::mail
