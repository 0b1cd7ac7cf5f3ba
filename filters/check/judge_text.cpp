#include <algorithm>

#include "check/domain_name.h"
#include "check/index.h"
#include "core/text.h"

namespace zegel::check {

namespace {

constexpr std::size_t longest_line = 1'000;
constexpr std::size_t longest_shown = 120;

/// Short and printable, for a line of output.
std::string shown(std::string_view line) {
  std::string out;
  for (const char c : line.substr(0, longest_shown)) {
    out += static_cast<unsigned char>(c) < 0x20 || c == 0x7F ? '?' : c;
  }
  while (!text::is_utf8(out) && !out.empty()) out.pop_back();
  return out;
}

/// What people's fingers do to a domain: `gmail,com`, `gmail..com`, `.gmail.com`, `gmail com`, `_gmail.com`.
std::string mended(std::string_view domain) {
  std::string out;
  for (char c : domain) {
    if (c == ',' || c == ';' || c == ' ' || c == '/') c = '.';
    const bool stray = std::string_view("_<>()[]\"':\\!?*`").contains(c);
    const bool again = c == '.' && (out.empty() || out.back() == '.' || out.back() == '-');
    const bool leads = c == '-' && (out.empty() || out.back() == '.');
    if (!(stray || again || leads)) out += c;
  }
  while (!out.empty() && (out.back() == '.' || out.back() == '-')) out.pop_back();
  return out;
}

/// Malformed, so not what was meant, whatever the mended form is.
void count_the_mending(Verdict& verdict, const std::string& mended_text) {
  const bool sure = verdict.standing == Standing::known || verdict.standing == Standing::related;
  if (!sure) return;
  if (verdict.standing == Standing::known) verdict.suggestion = mended_text;
  verdict.standing = Standing::near_miss;
  verdict.kind = Kind::punctuation;
  verdict.cost = 0.2;
  verdict.allowed = 1.0;
  verdict.differences = {{Kind::punctuation, {}, {}}};
}

}  // namespace

Verdict Index::judge_text(std::string_view line) const {
  Verdict nothing;
  nothing.given = shown(line);
  if (line.size() > longest_line || !text::is_utf8(line)) return nothing;
  const std::string_view asked = text::trim(line);
  const auto at = asked.rfind('@');
  const bool address = at != std::string_view::npos;
  if (address) {
    if (const auto mailbox = mail::parse_mailbox(asked)) return judge(*mailbox);
  } else if (const auto domain = mail::parse_domain(asked)) {
    return judge_domain(*domain);
  }
  const auto domain = mail::parse_domain(mended(address ? asked.substr(at + 1) : asked));
  if (!domain) return nothing;
  Verdict verdict;
  if (address) {
    const auto mailbox = mail::parse_mailbox(mended(asked.substr(0, at)) + "@" + *domain);
    if (!mailbox) return nothing;
    verdict = judge(*mailbox);
    count_the_mending(verdict, mailbox->address());
  } else {
    verdict = judge_domain(*domain);
    count_the_mending(verdict, *domain);
  }
  verdict.given = nothing.given;
  return verdict;
}

}  // namespace zegel::check
