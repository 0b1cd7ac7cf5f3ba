#include "smtp/command.h"

#include <array>
#include <utility>

#include "core/text.h"

namespace zegel::smtp {
namespace {

constexpr std::array<std::pair<std::string_view, Verb>, 19> verbs = {{
    {"EHLO", Verb::ehlo},
    {"HELO", Verb::helo},
    {"MAIL", Verb::mail},
    {"RCPT", Verb::rcpt},
    {"DATA", Verb::data},
    {"RSET", Verb::rset},
    {"NOOP", Verb::noop},
    {"QUIT", Verb::quit},
    {"HELP", Verb::help},
    {"STARTTLS", Verb::starttls},
    {"AUTH", Verb::auth},
    {"BDAT", Verb::bdat},
    {"VRFY", Verb::vrfy},
    {"EXPN", Verb::expn},
    {"GET", Verb::other_protocol},
    {"POST", Verb::other_protocol},
    {"PUT", Verb::other_protocol},
    {"HEAD", Verb::other_protocol},
    {"CONNECT", Verb::other_protocol},
}};

}  // namespace

Command parse_command(std::string_view line) {
  const std::size_t blank = std::min(line.find_first_of(" \t"), line.size());
  const std::string_view word = line.substr(0, blank);
  Command command{Verb::unknown, text::trim(line.substr(blank))};
  for (const auto& [name, verb] : verbs) {
    if (text::equal_folded(word, name)) command.verb = verb;
  }
  return command;
}

std::size_t longest_line(std::string_view start) {
  constexpr std::size_t ordinary = 512;
  constexpr std::size_t with_parameters = 2048;
  if (text::starts_with_folded(start, "MAIL ") || text::starts_with_folded(start, "RCPT ")) return with_parameters;
  return text::starts_with_folded(start, "AUTH ") ? longest_auth_line : ordinary;
}

}  // namespace zegel::smtp
