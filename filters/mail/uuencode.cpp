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

/// Whether the line has as many characters as its first one says. Trailing spaces may have been lost.
bool is_data_line(std::string_view line) {
  if (line.empty() || std::ranges::any_of(line, [](char c) { return c < ' ' || c > '`'; })) return false;
  const std::size_t wanted = std::size_t{bits(line[0]) + 2} / 3 * 4;
  return wanted > 0 && line.size() <= 1 + wanted + 1 && line.size() + 4 > 1 + wanted;
}

void append_line(std::string& out, std::string_view line) {
  std::size_t left = bits(line[0]);
  for (std::size_t at = 1; left > 0; at += 4) {
    const auto six = [&](std::size_t i) { return at + i < line.size() ? bits(line[at + i]) : 0U; };
    const unsigned three = six(0) << 18 | six(1) << 12 | six(2) << 6 | six(3);
    for (unsigned k = 0; k < 3 && left > 0; ++k, --left) out += static_cast<char>(three >> (16 - 8 * k) & 0xFF);
  }
}

/// The name of `begin 644 name`, or empty.
std::string_view begin_name(std::string_view line) {
  if (!line.starts_with("begin ")) return {};
  std::string_view rest = line.substr(6);
  std::size_t digits = 0;
  while (digits < rest.size() && rest[digits] >= '0' && rest[digits] <= '7') ++digits;
  if (digits < 3 || digits > 4 || digits + 1 >= rest.size() || rest[digits] != ' ') return {};
  return text::trim(rest.substr(digits + 1));
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
    const std::string_view name = begin_name(take_line(rest));
    if (name.empty()) continue;
    std::string_view first = rest;
    if (is_data_line(take_line(first))) return Uuencoded{name, begin, body.size() - rest.size() + data_size(rest)};
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

}  // namespace zegel::mail
