#include "config/reading.h"

#include <algorithm>

namespace zegel::config {

std::string one_line(std::string_view text) {
  constexpr std::size_t longest = 400;
  std::string line(text.substr(0, longest));
  std::ranges::replace_if(line, [](unsigned char c) { return c < 0x20 || c == 0x7F; }, '?');
  return text.size() > longest ? line + "..." : line;
}

}  // namespace zegel::config
