#include "send/route.h"

#include <map>

namespace zegel::send {

namespace {

Destination to_the_office(const store::QueuedCopy& copy, const config::Settings& settings) {
  Destination office{.hosts = {}, .mx_of = {}, .tls = Tls::opportunistic, .login = false};
  if (settings.office.relay) {
    office.hosts = {*settings.office.relay};
  } else if (!copy.client.empty()) {
    office.hosts = {{copy.client, 25}};
  }
  return office;
}

std::vector<Leg> to_each_domain(const store::QueuedCopy& copy) {
  std::map<std::string, std::vector<mail::Recipient>> by_domain;
  for (const auto& recipient : copy.recipients) by_domain[recipient.mailbox.domain].push_back(recipient);
  std::vector<Leg> legs;
  for (auto& [domain, recipients] : by_domain) {
    legs.push_back({{.hosts = {}, .mx_of = domain, .tls = copy.tls, .login = false}, std::move(recipients)});
  }
  return legs;
}

}  // namespace

std::string Destination::key() const {
  std::string key(to_text(tls));
  key += login ? "+" : "-";
  if (!mx_of.empty()) key += " mx:" + mx_of;
  for (const auto& host : hosts) key += " " + host.text();
  return key;
}

std::vector<Leg> route(const store::QueuedCopy& copy, const config::Settings& settings) {
  if (copy.via == store::Via::office) return {{to_the_office(copy, settings), copy.recipients}};
  if (settings.delivery.direct) return to_each_domain(copy);
  return {{{.hosts = settings.delivery.relay, .mx_of = {}, .tls = copy.tls, .login = !settings.delivery.user.empty()},
           copy.recipients}};
}

}  // namespace zegel::send
