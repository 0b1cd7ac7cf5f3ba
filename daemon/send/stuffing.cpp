#include "send/stuffing.h"

#include <cstdint>
#include <cstring>

namespace zegel::send {

std::vector<std::string_view> stuffed(std::string_view message) {
  std::vector<std::string_view> pieces;
  std::size_t begin = 0;
  if (message.starts_with('.')) pieces.emplace_back(".");
  for (;;) {
    const std::size_t at = message.find("\r\n.", begin);
    if (at == std::string_view::npos) break;
    pieces.push_back(message.substr(begin, at + 2 - begin));
    pieces.emplace_back(".");
    begin = at + 2;
  }
  if (begin < message.size()) pieces.push_back(message.substr(begin));
  pieces.emplace_back(message.ends_with("\r\n") ? ".\r\n" : "\r\n.\r\n");
  return pieces;
}

bool is_eight_bit(std::string_view bytes) {
  constexpr std::uint64_t high_bits = 0x8080808080808080;
  std::size_t i = 0;
  std::uint64_t word = 0;
  for (; i + sizeof word <= bytes.size(); i += sizeof word) {
    std::memcpy(&word, bytes.data() + i, sizeof word);
    if ((word & high_bits) != 0) return true;
  }
  for (; i < bytes.size(); ++i) {
    if (static_cast<unsigned char>(bytes[i]) >= 0x80) return true;
  }
  return false;
}

std::string_view header_of(std::string_view message) {
  if (message.starts_with("\r\n")) return {};
  return message.substr(0, message.find("\r\n\r\n"));
}

}  // namespace zegel::send
