#include "send/reply_reader.h"

#include <algorithm>
#include <utility>

#include "core/text.h"

namespace zegel::send {

namespace {

constexpr std::size_t longest_summary = 500;

bool is_code(std::string_view line) {
  return line.size() >= 3 && line[0] >= '2' && line[0] <= '5' && text::is_digit(line[1]) && text::is_digit(line[2]) &&
         (line.size() == 3 || line[3] == ' ' || line[3] == '-');
}

int code_of(std::string_view line) { return (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0'); }

bool is_number(std::string_view digits) {
  return !digits.empty() && digits.size() <= 3 && std::ranges::all_of(digits, text::is_digit);
}

/// The enhanced status code (RFC 2034) that `text` begins with, if it is of the reply's class; else nothing.
std::string_view enhanced_of(std::string_view text, int code) {
  const std::string_view word = text.substr(0, text.find(' '));
  const auto parts = text::split(word, '.');
  if (parts.size() != 3 || parts[0].size() != 1 || parts[0][0] != static_cast<char>('0' + code / 100)) return {};
  return is_number(parts[1]) && is_number(parts[2]) ? word : std::string_view();
}

}  // namespace

Result<std::optional<smtp::Reply>> ReplyReader::add(std::string_view line) {
  if (!is_code(line)) return fail("the next hop sent something that is no SMTP reply");
  if (lines_ > 0 && code_of(line) != reply_.code) return fail("the next hop changed its code within one reply");
  if (++lines_ > most_lines) return fail("the next hop's reply has no end");
  std::string_view text = line.size() > 4 ? line.substr(4) : std::string_view();
  const std::string_view enhanced = enhanced_of(text, code_of(line));
  if (lines_ == 1) {
    reply_ = {.code = code_of(line), .enhanced = std::string(enhanced), .text = {}};
  } else if (reply_.text.size() + text.size() < most_text) {
    reply_.text += '\n';
  }
  if (!enhanced.empty()) text = text::trim(text.substr(enhanced.size()));
  if (reply_.text.size() + text.size() < most_text) reply_.text += text;
  if (line.size() > 3 && line[3] == '-') return std::optional<smtp::Reply>();
  lines_ = 0;
  return std::optional(std::exchange(reply_, {}));
}

std::string one_line(const smtp::Reply& reply) {
  std::string line = std::to_string(reply.code);
  if (!reply.enhanced.empty()) line += " " + reply.enhanced;
  if (!reply.text.empty()) line += " " + reply.text;
  std::ranges::replace_if(line, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 0x7F; }, ' ');
  if (line.size() > longest_summary) line = line.substr(0, longest_summary) + "...";
  return line;
}

}  // namespace zegel::send
