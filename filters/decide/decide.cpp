#include "decide/decide.h"

#include <algorithm>

#include "decide/ladder.h"
#include "decide/policy.h"
#include "decide/refusal.h"

namespace zegel::decide {

namespace {

/// Whether the message is encrypted already and may pass as it is. Bytes whose structure is in doubt do not.
bool passes(const Facts& facts) { return facts.sound && (facts.smime_encrypted || facts.pgp_encrypted); }

Send as_it_is(const Facts& facts, const Policy& policy) {
  return {.method = facts.smime_encrypted ? Method::smime : Method::pgp,
          .already_sealed = true,
          .cipher = policy.cipher,
          .password = policy.password,
          .language = policy.language,
          .tls = policy.tls};
}

Send by(const Attempt& taken, const Climb& climb) {
  const Policy& policy = climb.policy;
  const Method method = taken.rung.method;
  const bool with_keys = method == Method::smime || method == Method::pgp;
  return {
      .method = method,
      .keys = taken.keys,
      .nothing_to_lock = taken.nothing_to_lock,
      .sign = with_keys && policy.sign && climb.sender && climb.directory.can_sign(method, *climb.sender, climb.now),
      .hide_subject = with_keys && policy.hide_subject,
      .cipher = policy.cipher,
      .password = policy.password,
      .locked = policy.locked,
      .language = policy.language,
      .tls = policy.tls,
      .strip_tag = policy.strip_tag};
}

/// The first rung that can be climbed; every rung up to it goes on record.
std::variant<Send, Hold, Refuse> climb_ladder(const Climb& climb, std::vector<Rung>& record) {
  std::vector<Attempt> failed;
  for (const Method method : climb.policy.methods) {
    Attempt one = attempt(method, climb);
    record.push_back(one.rung);
    if (one.rung.taken) return by(one, climb);
    if (one.unknown) return Refuse{.say = "cannot seal just now, try again", .why = one.rung.why, .temporary = true};
    failed.push_back(std::move(one));
  }
  const std::string why = why_refused(failed);
  // Nobody would read the notice about a held bounce or auto-reply: those are answered at once.
  const bool someone_waits = climb.sender && !climb.facts.automatic;
  if (climb.policy.otherwise == Otherwise::hold && someone_waits) return Hold{why};
  return Refuse{say_refused(failed, climb.recipient), why, std::ranges::any_of(failed, &Attempt::ambiguous)};
}

}  // namespace

bool reads_files(const config::Settings& settings) {
  return settings.zip.locked == Locked::beside ||
         std::ranges::any_of(settings.protect.rules,
                             [](const config::Rule& rule) { return rule.locked == Locked::beside; });
}

Plan decide(const mail::Envelope& envelope, const Facts& facts, const config::Settings& settings,
            const Directory& directory, Time now) {
  const config::Tag* tag = find_tag(settings.protect.tags, facts.subject);
  const Subject from = envelope.from ? Subject(*envelope.from) : Subject();
  Plan plan;
  for (const mail::Recipient& recipient : envelope.to) {
    const Policy policy = policy_for(settings, from, Subject(recipient.mailbox), tag);
    Decision decision{
        .recipient = recipient, .what = Refuse{}, .rule = policy.rule, .choice = policy.choice, .ladder = {}};
    if (passes(facts)) {
      decision.what = as_it_is(facts, policy);
      decision.ladder = {
          {facts.smime_encrypted ? Method::smime : Method::pgp, true, "encrypted already: passes as it is"}};
    } else {
      decision.what =
          climb_ladder({policy, facts, settings, directory, envelope.from, recipient.mailbox, now}, decision.ladder);
    }
    plan.decisions.push_back(std::move(decision));
  }
  return plan;
}

}  // namespace zegel::decide
