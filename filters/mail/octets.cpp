#include "mail/octets.h"

#include <algorithm>
#include <cstdint>
#include <optional>

#include "core/text.h"

namespace zegel::mail {

namespace {

std::string line_text(std::string_view bytes, std::size_t position) {
  return "line " + std::to_string(LineNumbers(bytes).at(position));
}

/// The first LF that no CR precedes.
std::optional<std::size_t> bare_lf(std::string_view bytes) {
  for (std::size_t lf = bytes.find('\n'); lf != std::string_view::npos; lf = bytes.find('\n', lf + 1)) {
    if (lf == 0 || bytes[lf - 1] != '\r') return lf;
  }
  return std::nullopt;
}

/// The first CR that no LF follows.
std::optional<std::size_t> bare_cr(std::string_view bytes) {
  for (std::size_t cr = bytes.find('\r'); cr != std::string_view::npos; cr = bytes.find('\r', cr + 1)) {
    if (cr + 1 == bytes.size() || bytes[cr + 1] != '\n') return cr;
  }
  return std::nullopt;
}

struct Lines {
  std::size_t count = 0;  ///< LFs that a CR precedes
  bool all_crlf = true;   ///< no LF without CR
  std::size_t first_long = std::string_view::npos;
};

/// One look at every line. The compiler keeps this loop tight; the position of an offence is found afterwards.
Lines look_at_lines(std::string_view bytes, std::size_t longest) {
  Lines out;
  std::size_t begin = 0;
  const auto measure = [&](std::size_t end) {
    if (end - begin > longest && out.first_long == std::string_view::npos) out.first_long = begin;
  };
  for (std::size_t lf = bytes.find('\n'); lf != std::string_view::npos; lf = bytes.find('\n', begin)) {
    if (lf == 0 || bytes[lf - 1] != '\r') {
      out.all_crlf = false;
      return out;
    }
    ++out.count;
    measure(lf - 1);
    begin = lf + 1;
  }
  measure(bytes.size());
  return out;
}

bool is_base64_octet(unsigned char c) {
  // Sums of comparisons, so that the compiler can do sixteen at once.
  const bool letter = static_cast<unsigned char>((c | 0x20) - 'a') < 26;
  const bool digit = static_cast<unsigned char>(c - '0') < 10;
  return letter | digit | (c == '+') | (c == '/');
}

}  // namespace

std::vector<Flaw> check_octets(std::string_view bytes, std::size_t longest) {
  std::vector<Flaw> flaws;
  if (const std::size_t nul = bytes.find('\0'); nul != std::string_view::npos) {
    flaws.push_back({"nul", "NUL octet in " + line_text(bytes, nul), true});
  }
  const Lines lines = look_at_lines(bytes, longest);
  if (!lines.all_crlf) flaws.push_back({"bare-lf", "bare LF in " + line_text(bytes, *bare_lf(bytes)), true});
  const auto crs = static_cast<std::size_t>(std::ranges::count(bytes, '\r'));
  if (lines.all_crlf ? crs != lines.count : bare_cr(bytes).has_value()) {
    flaws.push_back({"bare-cr", "bare CR in " + line_text(bytes, *bare_cr(bytes)), true});
  }
  if (lines.first_long != std::string_view::npos) {
    flaws.push_back(
        {"long-line", line_text(bytes, lines.first_long) + " is longer than " + std::to_string(longest) + " octets"});
  }
  return flaws;
}

bool has_8bit(std::string_view bytes) {
  unsigned char seen = 0;
  for (const char c : bytes) seen |= static_cast<unsigned char>(c);
  return seen >= 0x80;
}

bool is_base64_body(std::string_view body) {
  body = text::trim(body);
  std::size_t padding = 0;
  while (padding < 2 && body.ends_with('=')) {
    body = text::trim(body.substr(0, body.size() - 1));
    ++padding;
  }
  std::size_t characters = 0;
  std::size_t blanks = 0;
  for (std::size_t at = 0; at < body.size();) {
    std::uint8_t chunk_characters = 0;  // octet-wide sums of up to 255, so that they fit the lanes
    std::uint8_t chunk_blanks = 0;
    const std::size_t end = std::min(at + 255, body.size());
    for (; at < end; ++at) {
      const auto c = static_cast<unsigned char>(body[at]);
      const bool blank = (c == '\r') | (c == '\n') | (c == ' ') | (c == '\t');
      chunk_characters = static_cast<std::uint8_t>(chunk_characters + static_cast<unsigned>(is_base64_octet(c)));
      chunk_blanks = static_cast<std::uint8_t>(chunk_blanks + static_cast<unsigned>(blank));
    }
    characters += chunk_characters;
    blanks += chunk_blanks;
  }
  return characters + blanks == body.size() && (characters + padding) % 4 == 0;
}

bool is_quoted_printable_body(std::string_view body) {
  if (has_8bit(body)) return false;
  const auto is_hex = [&](std::size_t at) {
    return at < body.size() &&
           (text::is_digit(body[at]) || (text::lower(body[at]) >= 'a' && text::lower(body[at]) <= 'f'));
  };
  for (std::size_t at = body.find('='); at != std::string_view::npos; at = body.find('=', at + 1)) {
    if (is_hex(at + 1) && is_hex(at + 2)) continue;
    const std::size_t next = body.find_first_not_of(" \t", at + 1);
    if (next != std::string_view::npos && body[next] != '\r') return false;
  }
  return true;
}

std::size_t LineNumbers::at(std::size_t position) {
  if (position < position_) {
    position_ = 0;
    line_ = 1;
  }
  line_ += static_cast<std::size_t>(std::ranges::count(bytes_.substr(position_, position - position_), '\n'));
  position_ = position;
  return line_;
}

}  // namespace zegel::mail
