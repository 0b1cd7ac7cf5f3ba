#include <algorithm>
#include <cstdio>

#include "check/phrases.h"
#include "check/verdict.h"

namespace zegel::check {

namespace {

constexpr std::size_t most_differences = 3;

/// `4,120` or `4.120`.
std::string grouped(std::uint32_t number, Language language) {
  std::string digits = std::to_string(number);
  for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3) {
    digits.insert(static_cast<std::size_t>(at), 1, language == Language::en ? ',' : '.');
  }
  return digits;
}

/// Replaces `{g}`, `{m}` and `{n}` in a phrase.
std::string filled(std::string_view phrase, std::string_view given, std::string_view meant,
                   std::string_view number = {}) {
  std::string out;
  for (std::size_t i = 0; i < phrase.size(); ++i) {
    if (phrase[i] != '{' || i + 2 >= phrase.size()) {
      out += phrase[i];
      continue;
    }
    out += phrase[i + 1] == 'g' ? given : phrase[i + 1] == 'm' ? meant : number;
    i += 2;
  }
  return out;
}

std::string without_controls(std::string text) {
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
  }
  return text;
}

std::string list_of(const Verdict& verdict, Language language) {
  std::vector<std::string> said;
  for (const auto& difference : verdict.differences) {
    std::string phrase = filled(phrase_for(difference, language), difference.given, difference.meant);
    if (phrase.empty() || said.size() == most_differences || std::ranges::find(said, phrase) != said.end()) continue;
    said.push_back(std::move(phrase));
  }
  std::string out;
  for (const auto& phrase : said) out += (out.empty() ? ": " : "; ") + phrase;
  return out;
}

}  // namespace

std::string explain(const Verdict& verdict, Language language) {
  const Sentences& say = sentences(language);
  const auto number = grouped(verdict.mails, language);
  std::string out;
  switch (verdict.standing) {
    case Standing::known:
      out = filled(verdict.mails > 1 ? say.known_mails : say.known, verdict.given, {}, number);
      break;
    case Standing::related:
      out = filled(say.related, verdict.given, verdict.suggestion);
      break;
    case Standing::unknown:
      out = filled(say.unknown, verdict.given, {});
      break;
    case Standing::near_miss:
      out = filled(verdict.about_person ? say.person : say.near_miss, verdict.given, verdict.suggestion);
      if (verdict.mails > 0) out += filled(verdict.mails == 1 ? say.one_mail : say.mails, {}, {}, number);
      out += list_of(verdict, language);
  }
  return without_controls(std::move(out));
}

std::string explain_with_figures(const Verdict& verdict, Language language) {
  std::string out = explain(verdict, language);
  if (verdict.standing != Standing::near_miss) return out;
  char figures[64];
  const Sentences& say = sentences(language);
  std::snprintf(figures, sizeof figures, "%.2f", verdict.cost);
  out += filled(" ({g} {n}, ", say.cost, {}, figures);
  std::snprintf(figures, sizeof figures, "%.2f", verdict.allowed);
  return out + filled("{g} {n})", say.allowed, {}, figures);
}

}  // namespace zegel::check
