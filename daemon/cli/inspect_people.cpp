#include <algorithm>
#include <stdexcept>

#include "admin/client.h"
#include "cli/agreed.h"
#include "cli/guise.h"
#include "cli/inspect.h"
#include "cli/trial.h"
#include "decide/match.h"

namespace zegel::cli {

namespace {

using Agreed = std::optional<store::AgreedPassword>;

/// Mail that might be sent, as a policy sees it.
struct Pair {
  mail::Mailbox from, to;
  std::string place;  ///< where it was decided how this pair's mail goes
};

/// With whom passwords are agreed. Where no daemon can say: with everybody, so that nobody is complained of for
/// nothing.
std::function<Agreed(const mail::Mailbox&)> agreed_by(const config::Settings& settings, Time now) {
  std::optional<admin::Response> answer;
  try {
    const AsCaller caller;
    answer = admin::ask(settings.admin.socket, {"GET", "/passwords", "", "zegel check"});
  } catch (const std::runtime_error&) {
    answer = std::nullopt;  // inspect_passwords says so
  }
  const bool known = answer && answer->status == 200;
  return [known, now, all = agreed_in(known ? answer->body : "[]")](const mail::Mailbox& mailbox) -> Agreed {
    auto found = all.find(mail::folded(mailbox));
    if (found == all.end()) found = all.find(mailbox.domain);
    if (found != all.end()) return store::AgreedPassword{Secret("agreed"), found->first, found->second};
    return known ? std::nullopt : Agreed({Secret("agreed"), mailbox.domain, now});
  };
}

/// Somebody who may send to those of the rule: only the office's own may.
std::optional<mail::Mailbox> sender_of(const std::vector<config::Pattern>& from, const config::Settings& settings) {
  using enum config::Pattern::Kind;
  const std::vector<std::string>& offices = settings.office.domains;
  for (const config::Pattern& pattern : from) {
    const std::string address = pattern.kind == mailbox  ? pattern.text
                                : pattern.kind == domain ? "postmaster@" + pattern.text
                                                         : "postmaster@" + offices.front();
    auto sender = mail::parse_mailbox(address);
    if (sender && std::ranges::find(offices, sender->domain) != offices.end()) return std::move(*sender);
  }
  return std::nullopt;
}

std::string place_for(const config::Settings& settings, const mail::Mailbox& from, const mail::Mailbox& to) {
  const decide::Match won = decide::choose(settings.protect.rules, decide::Subject(from), decide::Subject(to));
  if (won) return won.rule->place.text();
  return settings.protect.methods_place.line == 0 ? settings.file + ":1:1" : settings.protect.methods_place.text();
}

std::vector<Pair> pairs_of_rules(const config::Settings& settings) {
  std::vector<Pair> all;
  for (const config::Rule& rule : settings.protect.rules) {
    const auto from = sender_of(rule.from, settings);
    for (const config::Pattern& pattern : rule.to) {
      if (!from || pattern.kind != config::Pattern::Kind::mailbox) continue;
      if (auto to = mail::parse_mailbox(pattern.text)) all.push_back({*from, std::move(*to), rule.place.text()});
    }
  }
  return all;
}

std::vector<Pair> pairs_to(const std::vector<mail::Mailbox>& people, const config::Settings& settings) {
  std::vector<Pair> all;
  const auto from = sender_of({config::Pattern{}}, settings);
  for (const mail::Mailbox& to : people) {
    if (from) all.push_back({*from, to, place_for(settings, *from, to)});
  }
  return all;
}

void inspect_pair(const Pair& pair, const receive::Snapshot& snapshot, const receive::World& world,
                  Problems& problems) {
  mail::Envelope envelope;
  envelope.from = pair.from;
  envelope.to.push_back({.mailbox = pair.to});
  const mail::Message letter = sample_letter(pair.from.address(), pair.to.address());
  const auto plan = receive::judge(snapshot, envelope, letter, mail::scan(letter), world);
  if (!plan) return;
  const auto& what = plan->decisions.front().what;
  const auto* refuse = std::get_if<decide::Refuse>(&what);
  const auto* hold = std::get_if<decide::Hold>(&what);
  const bool said = refuse != nullptr && refuse->temporary;  // by inspect_keys
  if (said || (refuse == nullptr && hold == nullptr)) return;
  problems.push_back(pair.place + ": mail for " + pair.to.address() + " is " +
                     (refuse != nullptr ? "refused: " + refuse->why : "held: " + hold->why) +
                     "; import a key of theirs (zegel key import), or allow another method");
}

}  // namespace

void inspect_people(const config::Settings& settings, const std::vector<mail::Mailbox>& people, Time now,
                    Problems& problems) {
  const std::vector<Pair> pairs = people.empty() ? pairs_of_rules(settings) : pairs_to(people, settings);
  if (pairs.empty()) return;
  std::vector<std::string> unreadable;  // inspect_keys says so
  const receive::Snapshot snapshot{std::make_shared<config::Settings>(settings),
                                   seal::Keys::load({settings.smime.certificates, settings.smime.authorities,
                                                     settings.smime.crl_dir, settings.pgp.home},
                                                    now, unreadable),
                                   nullptr};
  const receive::World world{.now = now, .reference = "check", .agreed_password = agreed_by(settings, now)};
  for (const Pair& pair : pairs) inspect_pair(pair, snapshot, world, problems);
}

}  // namespace zegel::cli
