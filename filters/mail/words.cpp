#include <algorithm>
#include <optional>

#include "core/text.h"
#include "mail/charset.h"
#include "mail/header.h"
#include "mail/transfer.h"

namespace zegel::mail {

namespace {

constexpr std::size_t longest_charset = 60;
constexpr std::size_t longest_text = 1000;  // RFC 2047 2 says 75 for the whole; senders forget

/// `=?charset?B?text?=`, its text decoded.
struct Word {
  std::string_view charset;
  std::string bytes;
  std::size_t size;  ///< of the whole
};

std::string q_decoded(std::string_view text) {
  std::string spaced(text);
  std::ranges::replace(spaced, '_', ' ');
  spaced += '|';  // keeps a blank at the end from being taken for a relay's
  auto decoded = decode_quoted_printable(spaced);
  if (!decoded) return std::string(text);
  decoded->pop_back();
  return *decoded;
}

/// The encoded word that `text` begins with, if any.
std::optional<Word> leading_word(std::string_view text) {
  if (!text.starts_with("=?")) return std::nullopt;
  const std::size_t charset_end = text.substr(0, longest_charset).find('?', 2);
  if (charset_end == std::string_view::npos || charset_end == 2 || text.size() < charset_end + 5) return std::nullopt;
  const char kind = text::upper(text[charset_end + 1]);
  if ((kind != 'B' && kind != 'Q') || text[charset_end + 2] != '?') return std::nullopt;
  const std::size_t begin = charset_end + 3;
  const std::size_t end = text.substr(0, begin + longest_text).find("?=", begin);
  if (end == std::string_view::npos) return std::nullopt;
  std::string_view charset = text.substr(2, charset_end - 2);
  charset = charset.substr(0, charset.find('*'));  // RFC 2231 5: a language may follow
  const std::string_view encoded = text.substr(begin, end - begin);
  if (kind == 'Q') return Word{charset, q_decoded(encoded), end + 2};
  std::string padded(encoded);
  while (padded.size() % 4 != 0 && !padded.ends_with("==")) padded += '=';
  auto bytes = decode_base64(padded);
  if (!bytes) return std::nullopt;
  return Word{charset, std::move(*bytes), end + 2};
}

std::string converted(std::string_view bytes, std::string_view charset) {
  auto utf8 = to_utf8(bytes, charset);
  return utf8 ? *utf8 : as_utf8(bytes);
}

}  // namespace

std::string decode_words(std::string_view value) {
  std::string out;
  std::string pending;  // octets of neighbouring words of one charset: a character may be split between them
  std::string_view charset;
  const auto flush = [&] {
    if (!charset.empty()) out += converted(pending, charset);
    pending.clear();
    charset = {};
  };
  for (std::size_t at = 0; at < value.size();) {
    if (auto word = leading_word(value.substr(at))) {
      if (!charset.empty() && !text::equal_folded(charset, word->charset)) flush();
      charset = word->charset;
      pending += word->bytes;
      at += word->size;
      // Blanks between two words are not part of the text (RFC 2047 6.2).
      const std::size_t next = std::min(value.find_first_not_of(" \t\r\n", at), value.size());
      if (next > at && leading_word(value.substr(next))) at = next;
      continue;
    }
    flush();
    const std::size_t next = std::min(value.find("=?", at + 1), value.size());
    out += as_utf8(value.substr(at, next - at));
    at = next;
  }
  flush();
  return out;
}

}  // namespace zegel::mail
