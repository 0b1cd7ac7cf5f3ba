#include "decide/match.h"

namespace zegel::decide {

std::optional<Fit> fit(const config::Pattern& pattern, const Subject& subject) {
  using Kind = config::Pattern::Kind;
  const auto matches = [&] {
    switch (pattern.kind) {
      case Kind::any:
        return true;
      // The text starts with the dot: `.x.nl` is the end of `a.x.nl`, and never of `x.nl`.
      case Kind::subdomains:
        return subject.domain.ends_with(pattern.text) && subject.domain.size() > pattern.text.size();
      case Kind::domain:
        return subject.domain == pattern.text;
      case Kind::mailbox:
        return subject.address == pattern.text;
    }
    return false;
  };
  if (!matches()) return std::nullopt;
  return Fit{pattern.kind, pattern.text.size()};
}

Best best(std::span<const config::Pattern> patterns, const Subject& subject) {
  Best out;
  for (const config::Pattern& pattern : patterns) {
    const auto one = fit(pattern, subject);
    if (one && (!out || *one > out.fit)) out = {*one, &pattern};
  }
  return out;
}

Match match(const config::Rule& rule, const Subject& from, const Subject& to) {
  const Best by_to = best(rule.to, to);
  if (!by_to) return {};
  const Best by_from = best(rule.from, from);
  if (!by_from) return {};
  return {&rule, by_to, by_from};
}

bool beats(const Match& a, const Match& b) {
  if (a.to.fit != b.to.fit) return a.to.fit > b.to.fit;
  return a.from.fit > b.from.fit;
}

Match choose(std::span<const config::Rule> rules, const Subject& from, const Subject& to) {
  Match winner;
  for (const config::Rule& rule : rules) {
    const Match one = match(rule, from, to);
    if (one && (!winner || beats(one, winner))) winner = one;
  }
  return winner;
}

}  // namespace zegel::decide
