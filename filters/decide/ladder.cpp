#include "decide/ladder.h"

#include <algorithm>

namespace zegel::decide {

namespace {

Attempt not_possible(Method method, std::string why, std::string brief = {}) {
  if (brief.empty()) brief = why;
  return {.rung = {method, false, std::move(why)}, .brief = std::move(brief)};
}

std::string described(const Candidate& key) {
  if (!key.usable) return key.fingerprint + " " + key.why_not;
  return key.expires == Time::max() ? key.fingerprint
                                    : key.fingerprint + " until " + iso_time(key.expires).substr(0, 10);
}

/// S/MIME or PGP: possible with one usable key; encrypts to every usable one, as we cannot know which one the recipient
/// still has. `whose`: "this address".
Attempt by_key(Method method, std::string_view noun, const std::vector<Candidate>& candidates,
               const std::string& whose = "this address") {
  if (candidates.empty())
    return not_possible(method, "no " + std::string(noun) + " for " + whose, "no " + std::string(noun));
  Attempt out{.rung = {method, false, {}}};
  std::string unusable;
  std::string brief;
  for (const Candidate& key : candidates) {
    std::string& texts = key.usable ? out.rung.why : unusable;
    texts += (texts.empty() ? std::string(noun) + " " : ", ") + described(key);
    if (key.usable) out.keys.push_back(key.fingerprint);
    if (!key.usable && brief.empty()) brief = std::string(noun) + " " + key.why_not;
  }
  if (out.keys.empty()) return not_possible(method, std::move(unusable), std::move(brief));
  out.rung.taken = true;
  return out;
}

/// A certificate of his own goes before that of his domain.
Attempt by_certificate(const Climb& climb) {
  Attempt own = by_key(Method::smime, "certificate", climb.directory.certificates(climb.recipient, climb.now));
  if (own.rung.taken || !climb.policy.domain_certificates) return own;
  Attempt shared = by_key(Method::smime, "domain certificate",
                          climb.directory.domain_certificates(climb.recipient, climb.now), climb.recipient.domain);
  shared.rung.why = own.rung.why + "; " + shared.rung.why;
  shared.brief = own.brief + ", " + shared.brief;
  return shared;
}

bool in_office(const std::optional<mail::Mailbox>& sender, const config::Office& office) {
  return sender && std::ranges::find(office.domains, sender->domain) != office.domains.end();
}

std::string no_agreed_password(Agreed agreed) {
  if (agreed == Agreed::too_old) return "the agreed password is too old: agree on a new one";
  return agreed == Agreed::good ? "" : "no password is agreed";
}

/// Why no zip password can be had, or empty.
std::string no_password(const Climb& climb) {
  switch (climb.policy.password) {
    case PasswordMode::per_message:
      return in_office(climb.sender, climb.settings.office) ? "" : "no sender in the office to mail the password to";
    case PasswordMode::agreed:
      return no_agreed_password(climb.directory.agreed_password(climb.recipient, climb.now));
    case PasswordMode::command:
      return climb.settings.zip.command.empty() ? "no zip.command to run" : "";
  }
  return "no password";
}

/// Nobody can say what is in it: not to be taken apart, and not to be shown to anybody.
Attempt ambiguous(Method method, const Facts& facts) {
  Attempt out = not_possible(method, "the message cannot be taken apart: " + facts.flaw);
  out.ambiguous = true;
  return out;
}

Attempt by_zip(Method method, const Climb& climb) {
  if (!climb.facts.sound) return ambiguous(method, climb.facts);
  if (method == Method::zip_attachments && !climb.facts.has_attachments) {
    return {.rung = {method, true, "no attachments to lock; the message leaves readable"}, .nothing_to_lock = true};
  }
  if (method == Method::zip_attachments && climb.facts.all_locked && climb.policy.locked == Locked::beside) {
    return {.rung = {method, true, "the attachments are locked already and go beside; the message leaves readable"},
            .nothing_to_lock = true};
  }
  std::string why = no_password(climb);
  if (!why.empty()) return not_possible(method, std::move(why));
  return {.rung = {method, true, "password: " + std::string(to_text(climb.policy.password))}};
}

/// What was not found is not there only if all could be looked at.
Attempt or_unknown(Attempt one, const Climb& climb) {
  if (one.rung.taken) return one;
  const std::string why = climb.directory.unreadable(one.rung.method);
  one.unknown = !why.empty();
  if (one.unknown) one.rung.why += "; not all could be looked at: " + why;
  return one;
}

}  // namespace

Attempt attempt(Method method, const Climb& climb) {
  switch (method) {
    case Method::smime:
      return or_unknown(by_certificate(climb), climb);
    case Method::pgp:
      return or_unknown(by_key(method, "key", climb.directory.pgp_keys(climb.recipient, climb.now)), climb);
    case Method::zip_attachments:
    case Method::zip:
      return by_zip(method, climb);
    case Method::clear:
      if (!climb.facts.sound) return ambiguous(method, climb.facts);
      return {.rung = {method, true, "\"clear\" was written"}};
  }
  return not_possible(method, "unknown method");
}

}  // namespace zegel::decide
