#include "smtp/reply.h"

#include <algorithm>

namespace zegel::smtp {
namespace {

constexpr std::size_t longest_line = 512;  // RFC 5321 4.5.3.1.5, CRLF included

/// Takes from `text` what fits on one line: up to a LF, or up to the last space before `room`.
std::string_view take_line(std::string_view& text, std::size_t room) {
  std::size_t end = std::min(text.find('\n'), text.size());
  std::size_t skip = 1;
  if (end > room) {
    const std::size_t space = text.rfind(' ', room);
    end = space != std::string_view::npos && space > 0 ? space : room;
    skip = end == room ? 0 : 1;
  }
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(text.size(), end + skip));
  return line;
}

void append_printable(std::string& out, std::string_view text) {
  for (const char c : text) out += c >= ' ' && c <= '~' ? c : '?';
}

}  // namespace

std::string Reply::wire() const {
  const std::string number = std::to_string(code);
  std::string out;
  std::string_view rest = text;
  do {
    const std::size_t room = longest_line - number.size() - 1 - enhanced.size() - (enhanced.empty() ? 0 : 1) - 2;
    const std::string_view line = take_line(rest, room);
    out += number;
    out += rest.empty() ? ' ' : '-';
    out += enhanced;
    if (!enhanced.empty() && !line.empty()) out += ' ';
    append_printable(out, line);
    out += "\r\n";
  } while (!rest.empty());
  return out;
}

}  // namespace zegel::smtp
