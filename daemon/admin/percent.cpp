#include "admin/percent.h"

#include <charconv>

#include "core/text.h"

namespace zegel::admin {

std::string percent_encode(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (text::is_alnum(c) || c == '-' || c == '.' || c == '_' || c == '~') {
      out += c;
    } else {
      out += '%' + text::upper(text::hex(std::string_view(&c, 1)));
    }
  }
  return out;
}

std::string percent_decode(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned byte = 0;
    const bool escape = text[i] == '%' && i + 2 < text.size();
    if (escape && std::from_chars(text.data() + i + 1, text.data() + i + 3, byte, 16).ptr == text.data() + i + 3) {
      out += static_cast<char>(byte);
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

}  // namespace zegel::admin
