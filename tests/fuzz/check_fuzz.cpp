// The whole recipient check over any bytes: an allowlist, a history, and questions about both.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "check/allowlist.h"
#include "check/guard.h"
#include "check/history.h"
#include "check/index.h"
#include "core/text.h"
#include "mail/mailbox.h"

namespace {

using namespace zegel;

void demand(bool holds) {
  if (!holds) std::abort();
}

void ask(const check::Index& index, std::string_view line) {
  const auto verdict = index.judge_text(line);
  demand((verdict.standing == check::Standing::near_miss) <= !verdict.suggestion.empty());
  demand(verdict.cost <= verdict.allowed);
  for (const auto language : {Language::nl, Language::en, Language::de}) {
    const auto words = check::explain_with_figures(verdict, language);
    demand(!words.empty() && text::is_utf8(words) && words.find_first_of("\t\r\n") == std::string::npos);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto half = text.substr(0, text.find("\n\n"));
  const auto questions = half.size() == text.size() ? text : text.substr(half.size() + 2);
  static const Time now = std::chrono::sys_days(std::chrono::year(2026) / 11 / 23);
  check::IndexBuilder builder;
  builder.add("gmail.com", 4120, check::Source::provider);
  builder.add("jan.jansen@klant.nl", 12, check::Source::history);
  const auto list = check::parse_allowlist(half);
  for (const auto& problem : list.problems) demand(text::is_utf8(problem.what) && problem.what.size() < 600);
  for (const auto& line : list.lines) demand(builder.add(line.entry));
  if (const auto history = check::parse_history(half, {.now = now})) {
    for (const auto& recipient : history->recipients) demand(builder.add(check::entry_of(recipient)));
  }
  const auto index = builder.build();
  std::size_t asked = 0;
  for (const auto line : text::split(questions, '\n')) {
    if (++asked > 50) break;
    ask(*index, line);
  }
  return 0;
}
