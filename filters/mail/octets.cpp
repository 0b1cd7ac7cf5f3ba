#include "mail/octets.h"

#include <algorithm>
#include <cstdint>
#include <optional>

#include "core/text.h"

namespace zegel::mail {

namespace {

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

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

/// The same as is_base64_body for what Survey cannot tell: blanks between the characters.
bool is_blanked_base64(std::string_view body, std::size_t padding) {
  std::size_t characters = 0;
  for (const char c : body) {
    if (is_blank(c)) continue;
    if (!text::is_alnum(c) && c != '+' && c != '/') return false;
    ++characters;
  }
  return (characters + padding) % 4 == 0;
}

}  // namespace

std::vector<Flaw> check_octets(std::string_view bytes, const Survey& survey, std::size_t longest) {
  std::vector<Flaw> flaws;
  const auto line = [&](std::size_t at) { return "line " + std::to_string(survey.line_ends_before(at) + 1); };
  if (survey.has_nul()) flaws.push_back({"nul", "NUL octet in " + line(bytes.find('\0')), true});
  if (!survey.has_clean_line_ends()) {
    if (const auto at = bare_lf(bytes)) flaws.push_back({"bare-lf", "bare LF in " + line(*at), true});
    if (const auto at = bare_cr(bytes)) flaws.push_back({"bare-cr", "bare CR in " + line(*at), true});
  }
  if (const std::size_t at = survey.first_long_line(); at != std::string_view::npos) {
    flaws.push_back({"long-line", line(at) + " is longer than " + std::to_string(longest) + " octets"});
  }
  return flaws;
}

bool has_8bit(std::string_view bytes) {
  unsigned char seen = 0;
  for (const char c : bytes) seen |= static_cast<unsigned char>(c);
  return seen >= 0x80;
}

bool is_base64_body(std::string_view bytes, Range body, const Survey& survey) {
  std::size_t padding = 0;
  while (!body.empty()) {
    const char last = bytes[body.end - 1];
    if (last == '=' && padding < 2) {
      ++padding;
    } else if (!is_blank(last)) {
      break;
    }
    --body.end;
  }
  if (!survey.is_base64_alphabet(body.begin, body.end)) {
    return is_blanked_base64(bytes.substr(body.begin, body.size()), padding);
  }
  const std::size_t line_ends = survey.line_ends_before(body.end) - survey.line_ends_before(body.begin);
  return (body.size() - 2 * line_ends + padding) % 4 == 0;
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

}  // namespace zegel::mail
