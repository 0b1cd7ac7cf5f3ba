#include "figures.h"

#include <algorithm>

namespace zegel {

namespace {

void count(metrics::KeyFigures& figures, const seal::KeyEntry& key, Time now) {
  const bool works = key.usable || key.secret;
  if (!works || key.expires <= now) {
    ++figures.unusable;
    return;
  }
  ++(key.ends(now, seal::soon) ? figures.expiring : figures.usable);
  if (key.expires != Time::max())
    figures.next_expiry = std::min(figures.next_expiry.value_or(Time::max()), key.expires);
}

}  // namespace

void add_store(metrics::Standing& standing, const store::Store::Figures& figures, Time now) {
  standing.queued = figures.queued;
  standing.held = figures.held;
  standing.set_aside = figures.set_aside;
  if (figures.oldest) standing.oldest = std::max(std::chrono::floor<seconds>(now - *figures.oldest), seconds(0));
}

void add_door(metrics::Standing& standing, const receive::Intake& intake) {
  const receive::Doorkeeper::Figures door = intake.figures();
  standing.clients = door.inside;
  standing.clients_let_in = door.let_in;
  standing.clients_turned_away = door.turned_away;
  standing.denied_auth = door.failed_auth;
  standing.denied_relay = door.denied_relay;
  standing.tls_certificate_ends = intake.certificate_ends();
}

void add_lines(metrics::Standing& standing, const send::Dispatcher::Figures& figures) {
  standing.next_hops = figures.connections;
  standing.next_hops_opened = figures.opened;
}

void add_keys(metrics::Standing& standing, const std::vector<seal::KeyEntry>& keys, Time now) {
  standing.keys = {{.method = Method::smime},
                   {.method = Method::smime, .senders = true},
                   {.method = Method::pgp},
                   {.method = Method::pgp, .senders = true}};
  for (const seal::KeyEntry& key : keys) {
    const auto figures = std::ranges::find_if(standing.keys, [&](const metrics::KeyFigures& one) {
      return one.method == key.method && one.senders == key.secret;
    });
    if (figures != standing.keys.end()) count(*figures, key, now);
  }
}

std::vector<std::string> rules_that_let_clear_out(const config::Settings& settings) {
  const auto lets = [](const std::vector<Method>& methods) {
    return std::ranges::any_of(methods,
                               [](Method one) { return one == Method::clear || one == Method::zip_attachments; });
  };
  const config::Protect& protect = settings.protect;
  std::vector<std::string> places;
  if (lets(protect.methods)) places.push_back(protect.methods_place.rule());
  for (const config::Rule& rule : protect.rules)
    if (lets(rule.methods.value_or(protect.methods))) places.push_back(rule.place.rule());
  for (const config::Tag& tag : protect.tags)
    if (lets(tag.methods)) places.push_back(tag.place.rule());
  return places;
}

void add_log(metrics::Standing& standing, const log::Figures& figures) {
  standing.alarms = figures.alarms;
  standing.lines_lost = figures.lost;
}

}  // namespace zegel
