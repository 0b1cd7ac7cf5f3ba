#include "log/logfmt.h"

#include <algorithm>

#include "core/digest.h"
#include "core/text.h"

namespace zegel::log {

namespace {

constexpr std::size_t longest_value = 1'000;

bool is_bare(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte > ' ' && byte < 0x7F && c != '"' && c != '=' && c != '\\';
}

void append_escaped(std::string& out, char c, bool utf8) {
  const auto byte = static_cast<unsigned char>(c);
  if (c == '"' || c == '\\') {
    out += '\\';
    out += c;
  } else if (byte < ' ' || byte == 0x7F || (byte >= 0x80 && !utf8)) {
    out += "\\x" + text::hex(std::string_view(&c, 1));
  } else {
    out += c;
  }
}

/// U+0080..U+009F (C1 controls), U+2028/9 and the bidi controls: well-formed, yet not for a terminal.
bool has_unsafe_unicode(std::string_view text) {
  for (std::size_t i = 0; i + 1 < text.size(); ++i) {
    const auto a = static_cast<unsigned char>(text[i]);
    const auto b = static_cast<unsigned char>(text[i + 1]);
    if (a == 0xC2 && b < 0xA0) return true;
    if (a != 0xE2 || i + 2 >= text.size()) continue;
    const auto c = static_cast<unsigned char>(text[i + 2]);
    if (b == 0x80 && ((c >= 0x8B && c <= 0x8F) || (c >= 0xA8 && c <= 0xAE))) return true;
    if (b == 0x81 && c >= 0xA6 && c <= 0xA9) return true;
  }
  return false;
}

}  // namespace

std::string logfmt_value(std::string_view value) {
  const bool cut = value.size() > longest_value;
  value = value.substr(0, longest_value);
  if (!value.empty() && !cut && std::ranges::all_of(value, is_bare)) return std::string(value);
  const bool utf8 = text::is_utf8(value) && !has_unsafe_unicode(value);
  std::string out = "\"";
  for (const char c : value) append_escaped(out, c, utf8);
  if (cut) out += "...";
  out += '"';
  return out;
}

std::string shorten_address(std::string_view address, config::LogAddresses how, std::string_view hash_key) {
  const std::size_t at = address.rfind('@');
  if (how == config::LogAddresses::full || address.empty()) return std::string(address);
  if (how == config::LogAddresses::domain) {
    return at == std::string_view::npos ? std::string(address) : std::string(address.substr(at));
  }
  return text::hex(keyed_hash(hash_key, text::lower(address)).substr(0, 6));
}

}  // namespace zegel::log
