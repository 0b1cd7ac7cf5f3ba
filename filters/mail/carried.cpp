#include "mail/carried.h"

#include <algorithm>
#include <array>

#include "core/text.h"
#include "mail/transfer.h"

namespace zegel::mail {

namespace {

/// Where the next line that begins with `prefix` begins, at or after `from`, or npos.
std::size_t find_line(std::string_view text, std::string_view prefix, std::size_t from) {
  if (from == 0 && text.starts_with(prefix)) return 0;
  for (std::size_t lf = text.find('\n', from == 0 ? 0 : from - 1); lf != std::string_view::npos;
       lf = text.find('\n', lf + 1)) {
    if (text.substr(lf + 1).starts_with(prefix)) return lf + 1;
  }
  return std::string_view::npos;
}

bool has_line(std::string_view text, std::string_view prefix) {
  return find_line(text, prefix, 0) != std::string_view::npos;
}

/// Takes the first line off.
std::string_view take_line(std::string_view& rest) {
  const std::string_view line = rest.substr(0, rest.find('\n'));
  rest.remove_prefix(std::min(line.size() + 1, rest.size()));
  return text::trim(line);
}

/// Whether the text begins with a header in which a Content-* field stands near the top.
bool begins_like_a_part(std::string_view text) {
  static constexpr std::array<std::string_view, 3> names = {
      "Content-Type:", "Content-Disposition:", "Content-Transfer-Encoding:"};
  constexpr int lines = 10;
  for (int i = 0; i < lines; ++i) {
    const std::string_view line = take_line(text);
    if (line.empty() || line.starts_with("--")) return false;  // from where it is looked at anew
    if (std::ranges::any_of(names, [&](auto name) { return text::starts_with_folded(line, name); })) return true;
  }
  return false;
}

bool has_part(std::string_view text) {
  for (std::size_t at = find_line(text, "--", 0); at != std::string_view::npos; at = find_line(text, "--", at + 1)) {
    std::string_view rest = text.substr(at);
    take_line(rest);
    if (begins_like_a_part(rest)) return true;
  }
  return false;
}

}  // namespace

bool carries_file(std::string_view text) {
  return find_uuencoded(text).has_value() || has_line(text, "begin-base64 ") || has_line(text, "=ybegin ") ||
         has_line(text, "(This file must be converted with BinHex") || has_part(text);
}

}  // namespace zegel::mail
