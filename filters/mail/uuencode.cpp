#include <algorithm>

#include "core/text.h"
#include "mail/transfer.h"

namespace zegel::mail {

namespace {

/// Takes the first line off, without its line end.
std::string_view take_line(std::string_view& rest) {
  const std::size_t lf = std::min(rest.find('\n'), rest.size());
  std::string_view line = rest.substr(0, lf);
  rest.remove_prefix(std::min(lf + 1, rest.size()));
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

/// The six bits of one character; the grave accent stands for a space.
unsigned bits(char c) { return (static_cast<unsigned char>(c) - 32U) & 63U; }

/// How many characters a line of data must have, as its first one says; 0 when it is none.
std::size_t data_line_size(std::string_view line) {
  if (line.empty() || std::ranges::any_of(line, [](char c) { return c < ' ' || c > '`'; })) return 0;
  const std::size_t wanted = std::size_t{bits(line[0]) + 2} / 3 * 4;
  const bool fits = wanted > 0 && line.size() <= 1 + wanted + 1;  // some write a checksum behind
  return fits ? 1 + wanted : 0;
}

/// Some readers take it for data, though all its spaces at the end, which stand for zeros, may have been lost.
bool may_be_data_line(std::string_view line) { return data_line_size(line) > 0; }

bool is_data_line(std::string_view line) {
  const std::size_t wanted = data_line_size(line);
  return wanted > 0 && line.size() + 4 > wanted;
}

void append_line(std::string& out, std::string_view line) {
  std::size_t left = bits(line[0]);
  for (std::size_t at = 1; left > 0; at += 4) {
    const auto six = [&](std::size_t i) { return at + i < line.size() ? bits(line[at + i]) : 0U; };
    const unsigned three = six(0) << 18 | six(1) << 12 | six(2) << 6 | six(3);
    for (unsigned k = 0; k < 3 && left > 0; ++k, --left) out += static_cast<char>(three >> (16 - 8 * k) & 0xFF);
  }
}

/// The name of `begin 644 name`, which may be missing; or nothing.
std::optional<std::string_view> begin_name(std::string_view line) {
  if (!line.starts_with("begin ")) return std::nullopt;
  const std::string_view rest = line.substr(6);
  const std::size_t digits = std::min(rest.find_first_not_of("01234567"), rest.size());
  if (digits < 3 || digits > 4 || (digits < rest.size() && rest[digits] != ' ')) return std::nullopt;
  return text::trim(rest.substr(digits));
}

/// Where the `begin ` line at or after `from` begins, or npos.
std::size_t find_begin(std::string_view body, std::size_t from) {
  if (from == 0 && body.starts_with("begin ")) return 0;
  const std::size_t found = body.find("\nbegin ", from == 0 ? 0 : from - 1);
  return found == std::string_view::npos ? found : found + 1;
}

/// Where a block whose data begin with `rest` ends: after its `end` line or its last line of data.
std::size_t data_size(std::string_view rest) {
  const std::size_t whole = rest.size();
  for (std::size_t kept = 0;; kept = whole - rest.size()) {
    if (rest.empty()) return kept;
    const std::string_view line = take_line(rest);
    if (line == "end") return whole - rest.size();
    if (line != "`" && !line.empty() && line != " " && !is_data_line(line)) return kept;
  }
}

}  // namespace

std::optional<Uuencoded> find_uuencoded(std::string_view body, std::size_t from) {
  for (std::size_t begin = find_begin(body, from); begin != std::string_view::npos;
       begin = find_begin(body, begin + 1)) {
    std::string_view rest = body.substr(begin);
    const auto name = begin_name(take_line(rest));
    if (!name) continue;
    std::string_view first = rest;
    if (may_be_data_line(take_line(first))) return Uuencoded{*name, begin, body.size() - rest.size() + data_size(rest)};
  }
  return std::nullopt;
}

Result<std::string> decode_uuencoded(std::string_view block) {
  const auto found = find_uuencoded(block);
  if (!found) return fail("not uuencoded");
  std::string_view rest = block.substr(found->begin, found->end - found->begin);
  take_line(rest);
  std::string out;
  out.reserve(rest.size() / 4 * 3);
  for (;;) {
    if (rest.empty()) return fail("uuencoded data without an end");
    const std::string_view line = take_line(rest);
    if (line == "end") return out;
    if (is_data_line(line)) append_line(out, line);
  }
}

bool is_uuencoded_body(std::string_view body) {
  const auto found = find_uuencoded(body);
  return found && text::trim(body.substr(0, found->begin)).empty() && text::trim(body.substr(found->end)).empty() &&
         decode_uuencoded(body).has_value();
}

}  // namespace zegel::mail
