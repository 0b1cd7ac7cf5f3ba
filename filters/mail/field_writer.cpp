#include "mail/field_writer.h"

#include <algorithm>
#include <sstream>

#include <mimetic/mimetic.h>

#include "core/base64.h"
#include "core/text.h"

namespace zegel::mail {

namespace {

constexpr std::size_t longest_line = 76;
constexpr std::string_view digits = "0123456789ABCDEF";

std::string written(const mimetic::Field& field) {
  std::ostringstream out;
  field.write(out, 0);
  return std::move(out).str() + "\r\n";
}

/// attribute-char of RFC 2231 7, kept narrow.
bool is_attribute_char(char c) { return text::is_alnum(c) || c == '-' || c == '.' || c == '_'; }

void append_percent(std::string& out, char c) {
  if (is_attribute_char(c)) {
    out += c;
    return;
  }
  const auto byte = static_cast<unsigned char>(c);
  out += '%';
  out += digits[byte >> 4];
  out += digits[byte & 15];
}

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

/// The longest piece of at most `size` octets that ends between characters.
std::string_view piece_of(std::string_view utf8, std::size_t size) {
  std::size_t end = std::min(size, utf8.size());
  while (end > 0 && end < utf8.size() && is_continuation(utf8[end])) --end;
  return utf8.substr(0, end == 0 ? std::min(size, utf8.size()) : end);
}

bool is_plain_value(std::string_view value) {
  return std::ranges::all_of(value, [](char c) { return c >= ' ' && c <= '~' && c != '"' && c != '\\'; });
}

bool fits_plainly(std::string_view name, std::string_view value) {
  return is_plain_value(value) && value.size() + name.size() + 5 <= longest_line;
}

std::string plain_parameter(std::string_view name, std::string_view value) {
  return ";\r\n " + std::string(name) + "=\"" + std::string(value) + "\"";
}

}  // namespace

std::string write_field(std::string_view name, std::string_view value) {
  mimetic::Field field;
  field.name(std::string(name));
  field.value(std::string(value));
  return written(field);
}

std::string write_content_type(std::string_view type, const Parameters& parameters) {
  const std::size_t slash = std::min(type.find('/'), type.size());
  mimetic::ContentType content(std::string(type.substr(0, slash)),
                               std::string(type.substr(std::min(slash + 1, type.size()))));
  for (const auto& [name, value] : parameters) {
    std::string plain;
    std::ranges::copy_if(value, std::back_inserter(plain),
                         [](char c) { return c >= ' ' && c <= '~' && c != '"' && c != '\\'; });
    content.param(name, plain);
  }
  mimetic::Header header;
  header.contentType(content);
  std::string out = written(header.front());
  if (out.size() <= longest_line + 2) return out;
  return write_field("Content-Type", fold(content.str(), sizeof "Content-Type:"));
}

std::string fold(std::string_view value, std::size_t column) {
  std::string out;
  for (std::size_t at = 0; at < value.size();) {
    // A word with the blanks before it: a line of blanks only would be no fold.
    const std::size_t word = std::min(value.find_first_not_of(' ', at), value.size());
    const std::size_t next = std::min(value.find(' ', word), value.size());
    if (at > 0 && word < value.size() && column + (next - at) > longest_line) {
      out += "\r\n";
      column = 0;
    }
    out.append(value, at, next - at);
    column += next - at;
    at = next;
  }
  return out;
}

std::string encode_words(std::string_view utf8, std::size_t column) {
  constexpr std::string_view begin = "=?utf-8?B?";
  constexpr std::size_t around = begin.size() + 2;
  std::string out;
  while (!utf8.empty()) {
    const std::size_t room = column + around + 8 < longest_line ? longest_line - 1 - column - around : 8;
    const std::string_view piece = piece_of(utf8, room / 4 * 3);
    out += out.empty() ? "" : "\r\n ";
    out += begin;
    out += base64::encode(piece);
    out += "?=";
    utf8.remove_prefix(piece.size());
    column = 1;
  }
  return out;
}

std::string name_parameter(std::string_view name, std::string_view utf8_value) {
  if (fits_plainly(name, utf8_value)) return plain_parameter(name, utf8_value);
  std::string out;
  for (std::size_t number = 0; !utf8_value.empty() || number == 0; ++number) {
    out += ";\r\n " + std::string(name) + "*" + std::to_string(number) + "*=";
    if (number == 0) out += "utf-8''";
    const std::string_view piece = piece_of(utf8_value, 15);  // 45 octets at most, when all are escaped
    for (const char c : piece) append_percent(out, c);
    utf8_value.remove_prefix(piece.size());
  }
  return out;
}

std::string fallback_name_parameter(std::string_view name, std::string_view utf8_value) {
  if (fits_plainly(name, utf8_value)) return plain_parameter(name, utf8_value);
  return plain_parameter(name, encode_words(utf8_value, name.size() + 3));
}

}  // namespace zegel::mail
