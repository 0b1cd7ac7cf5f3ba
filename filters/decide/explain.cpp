#include "decide/explain.h"

#include "decide/match.h"

namespace zegel::decide {

namespace {

std::string why_won(const Match& winner) {
  return "to " + winner.to.pattern->text + ", from " + winner.from.pattern->text + ": the most specific that matches";
}

std::string why_lost(const Match& one, const Match& winner) {
  const std::string by = winner.rule->place.rule();
  if (one.to.fit != winner.to.fit) {
    return "to " + one.to.pattern->text + " is less specific than to " + winner.to.pattern->text + " of " + by;
  }
  if (one.from.fit != winner.from.fit) {
    return "from " + one.from.pattern->text + " is less specific than from " + winner.from.pattern->text + " of " + by;
  }
  return "as specific as " + by + ", which was written first";
}

}  // namespace

std::vector<Considered> explain_choice(const config::Settings& settings, const std::optional<mail::Mailbox>& from,
                                       const mail::Mailbox& to) {
  const Subject sender = from ? Subject(*from) : Subject();
  const Subject recipient(to);
  const Match winner = choose(settings.protect.rules, sender, recipient);
  std::vector<Considered> out;
  for (const config::Rule& rule : settings.protect.rules) {
    const Match one = match(rule, sender, recipient);
    Considered considered{
        .rule = rule.place.rule(), .matches = bool(one), .won = one && winner.rule == &rule, .why = {}};
    if (considered.won)
      considered.why = why_won(winner);
    else if (one)
      considered.why = why_lost(one, winner);
    else
      considered.why = best(rule.to, recipient) ? "from does not match" : "to does not match";
    out.push_back(std::move(considered));
  }
  return out;
}

}  // namespace zegel::decide
