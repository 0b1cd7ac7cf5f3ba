#include "mail/cid.h"

#include <algorithm>

#include "core/text.h"

namespace zegel::mail {

namespace {

std::string without_comments(std::string_view html) {
  std::string out;
  for (std::size_t at = 0; at < html.size();) {
    const std::size_t begin = std::min(html.find("<!--", at), html.size());
    out.append(html, at, begin - at);
    const std::size_t end = html.find("-->", begin);
    if (end == std::string_view::npos) break;
    at = end + 3;
  }
  return out;
}

/// Whether what stands before `at` makes it a value: `src=`, `src="`, `url(`, `url('`.
bool is_value(std::string_view html, std::size_t at) {
  const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
  bool quoted = false;
  for (std::size_t back = 0; at > 0 && back < 100; ++back) {
    const char c = html[--at];
    if (c == '=' || c == '(') return true;
    if ((c == '"' || c == '\'') && !quoted) {
      quoted = true;
    } else if (!blank(c)) {
      return false;
    }
  }
  return false;
}

int hex_value(char c) {
  if (text::is_digit(c)) return c - '0';
  const char low = text::lower(c);
  return low >= 'a' && low <= 'f' ? low - 'a' + 10 : -1;
}

std::string percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool escape =
        text[at] == '%' && at + 2 < text.size() && hex_value(text[at + 1]) >= 0 && hex_value(text[at + 2]) >= 0;
    out += escape ? static_cast<char>(hex_value(text[at + 1]) * 16 + hex_value(text[at + 2])) : text[at];
    at += escape ? 2 : 0;
  }
  return out;
}

}  // namespace

std::set<std::string, std::less<>> referred_ids(std::string_view html) {
  std::set<std::string, std::less<>> ids;
  const std::string text = without_comments(html);
  const std::string folded = text::lower(text);
  for (std::size_t at = folded.find("cid:"); at != std::string::npos; at = folded.find("cid:", at + 4)) {
    if (!is_value(text, at)) continue;
    const std::size_t end = std::min(text.find_first_of("\"'> \t\r\n)", at), text.size());
    ids.insert(percent_decoded(std::string_view(text).substr(at + 4, end - at - 4)));
  }
  return ids;
}

}  // namespace zegel::mail
