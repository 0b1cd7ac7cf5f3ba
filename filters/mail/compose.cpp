#include "mail/compose.h"

#include <algorithm>

#include "core/base64.h"
#include "core/random.h"
#include "core/text.h"
#include "mail/charset.h"
#include "mail/field_writer.h"
#include "mail/transfer.h"

namespace zegel::mail {

namespace {

constexpr std::size_t longest_text_line = 76;
constexpr std::size_t longest_line = 998;  // RFC 5322 2.1.1
constexpr std::size_t longest_name = 500;  // of a file: no system has longer ones

/// CRLF at the end of every line, the last one too.
std::string with_crlf(std::string_view text) {
  std::string out;
  out.reserve(text.size() + text.size() / 32 + 2);
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t lf = std::min(text.find('\n', at), text.size());
    std::string_view line = text.substr(at, lf - at);
    if (lf < text.size() && line.ends_with('\r')) line.remove_suffix(1);
    out += line;
    out += "\r\n";
    at = lf + 1;
  }
  return out;
}

bool is_plain_line(std::string_view line) {
  return line.size() <= longest_text_line && !line.starts_with("From ") && !line.ends_with(' ') &&
         !line.ends_with('\t') && std::ranges::all_of(line, [](char c) { return (c >= ' ' && c <= '~') || c == '\t'; });
}

/// Whether the text (with CRLF) can go as 7bit and meet no relay or signature that minds.
bool is_plain_text(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find("\r\n", at), text.size());
    if (!is_plain_line(text.substr(at, end - at))) return false;
    at = end + 2;
  }
  return true;
}

/// Nothing that could end a field: control characters become spaces.
std::string on_one_line(std::string_view value) {
  std::string out(value);
  for (char& c : out) {
    if (static_cast<unsigned char>(c) < ' ' || c == '\x7f') c = ' ';
  }
  return out;
}

bool lines_fit(std::string_view folded) {
  const auto lines = text::split(folded, '\n');
  return std::ranges::all_of(lines,
                             [](auto line) { return line.size() < longest_line - 78; });  // the name comes before
}

std::string new_boundary() { return "=_" + text::hex(random_bytes(16)); }

}  // namespace

Entity Entity::text(std::string_view utf8, std::string_view subtype) {
  Entity out;
  const std::string lines = with_crlf(utf8);
  const bool plain = is_plain_text(lines);
  out.header_ = write_content_type("text/" + std::string(subtype), {{"charset", "utf-8"}}) +
                write_field("Content-Transfer-Encoding", plain ? "7bit" : "quoted-printable");
  out.body_ = plain ? lines : encode_quoted_printable(lines);
  return out;
}

Entity Entity::file(std::string_view type, std::string_view name, std::string_view bytes) {
  const std::string utf8 = as_utf8(as_utf8(name).substr(0, longest_name));
  Entity out;
  out.header_ = write_field("Content-Type", std::string(type) + fallback_name_parameter("name", utf8)) +
                write_field("Content-Disposition", "attachment" + name_parameter("filename", utf8)) +
                write_field("Content-Transfer-Encoding", "base64");
  out.body_ = base64::encode_lines(bytes);
  return out;
}

Entity Entity::sliced(std::string bytes) {
  Entity out;
  if (bytes.starts_with("\r\n")) {
    out.body_ = bytes.substr(2);
    return out;
  }
  const std::size_t blank = bytes.find("\r\n\r\n");
  if (blank != std::string::npos) out.body_ = bytes.substr(blank + 4);
  bytes.resize(blank == std::string::npos ? bytes.size() : blank + 2);
  out.header_ = std::move(bytes);
  return out;
}

Entity Entity::multipart(std::string_view type, const std::vector<std::pair<std::string, std::string>>& parameters,
                         std::vector<Entity> children) {
  const std::string boundary = new_boundary();
  auto all = parameters;
  all.emplace_back("boundary", boundary);
  Entity out;
  out.header_ = write_content_type(type, all);
  std::size_t size = 0;
  for (const Entity& child : children) size += child.header_.size() + child.body_.size() + boundary.size() + 8;
  out.body_.reserve(size + boundary.size() + 8);
  for (const Entity& child : children) {
    out.body_ += "--" + boundary + "\r\n";
    out.body_ += child.header_;
    out.body_ += "\r\n";
    out.body_ += child.body_;
    out.body_ += "\r\n";
  }
  out.body_ += "--" + boundary + "--\r\n";
  return out;
}

Entity Entity::leaf(std::vector<std::pair<std::string, std::string>> fields, std::string body) {
  Entity out;
  for (const auto& [name, value] : fields) out.header_ += field(name, value);
  out.body_ = std::move(body);
  return out;
}

std::string Entity::bytes() const {
  std::string out;
  out.reserve(header_.size() + 2 + body_.size());
  out += header_;
  out += "\r\n";
  out += body_;
  return out;
}

std::string compose_message(std::string_view fields, const Entity& entity) {
  std::string out;
  out.reserve(fields.size() + entity.header().size() + entity.body().size() + 32);
  out += fields;
  out += write_field("MIME-Version", "1.0");
  out += entity.header();
  out += "\r\n";
  out += entity.body();
  return out;
}

std::string field(std::string_view name, std::string_view utf8_value) {
  const std::string value = on_one_line(utf8_value);
  const std::string folded = fold(value, name.size() + 2);
  if (text::is_ascii(value) && lines_fit(folded)) return write_field(name, folded);
  return write_field(name, encode_words(as_utf8(value), name.size() + 2));
}

}  // namespace zegel::mail
