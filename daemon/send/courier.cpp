#include "send/courier.h"

#include <algorithm>
#include <utility>

#include "core/random.h"
#include "log/log.h"
#include "send/conversation.h"
#include "send/mx.h"

namespace zegel::send {

namespace {

/// RFC 5321 5.1 asks for two at least; who publishes dozens is not tried for hours.
constexpr std::size_t most_addresses = 6;
constexpr std::uint16_t submissions = 465;

std::string relay_text(const config::HostPort& host) { return host.text(); }

/// One try at one address. `came_back`: its handshake failed a moment ago.
struct Try {
  config::HostPort host;
  std::string address;
  bool came_back = false;
};

struct Tried {
  std::unique_ptr<Line> line = {};
  NoLine failure = {};
  bool handshake_failed = false;
  bool no_such_host = false;
  bool silent = true;  ///< not a word was heard
};

/// How far the first words came.
struct Progress {
  bool heard = false;
  bool in_handshake = false;
};

Wish wish_for(const Destination& to, const Terms& terms, const Try& at) {
  return {.hostname = terms.settings->server.hostname,
          .tls = to.tls,
          .implicit_tls = at.host.port == submissions && to.tls != Tls::none,
          .tls_failed = at.came_back,
          .login = to.login ? &terms.login : nullptr};
}

Security security_of(const net::Stream& stream) {
  const net::TlsFacts* facts = stream.tls();
  return facts == nullptr ? Security{} : Security{facts->version, facts->verified, facts->why};
}

/// RFC 3207 4.2 and its abuse: what was said in clear after STARTTLS would be taken for said under TLS.
void refuse_injected(const net::Stream& stream) {
  if (!stream.buffered().empty()) throw Gibberish("the next hop, or someone between, spoke in clear after STARTTLS");
}

net::Task<void> converse(net::Stream& stream, Opening& opening, const Try& at, const Terms& terms,
                         const Timeouts& timeouts, Progress& progress) {
  for (Step step = opening.begin(); step.then != Step::Then::done;) {
    allow(stream, timeouts.of(step.phase));
    if (!step.say.empty()) co_await stream.write(step.say);
    wipe(step.say.data(), step.say.size());  // it may have been a password
    if (step.then == Step::Then::handshake) {
      refuse_injected(stream);
      progress.in_handshake = true;
      co_await stream.start_tls(terms.tls, at.host.host);
      progress.in_handshake = false;
      step = opening.secured(security_of(stream));
    } else {
      const smtp::Reply reply = co_await read_reply(stream, timeouts.of(step.phase));
      progress.heard = true;
      step = opening.heard(reply);
    }
  }
}

net::Task<Tried> try_address(const Destination& to, const Try& at, const Terms& terms, const Timeouts& timeouts) {
  Opening opening(wish_for(to, terms, at));
  Progress progress;
  std::string why;
  try {
    net::Stream stream = co_await net::Stream::connect(at.address, at.host.port, timeouts.connect);
    co_await converse(stream, opening, at, terms, timeouts, progress);
    if (!opening.failure()) {
      co_return Tried{.line = std::make_unique<Line>(std::move(stream), at.host, opening, timeouts)};
    }
    why = *opening.failure();
  } catch (const net::Broken& broken) { why = broken.what(); } catch (const Gibberish& gibberish) {
    why = gibberish.what();
  }
  co_return Tried{.failure = {.why = std::move(why),
                              .status = "4.4.1",
                              .relay = relay_text(at.host),
                              .tls = opening.security().text()},
                  .handshake_failed = progress.in_handshake,
                  .silent = !progress.heard && !progress.in_handshake};
}

net::Task<Tried> try_host(const Destination& to, config::HostPort host, const Terms& terms, Resolver& resolver,
                          const Timeouts& timeouts) {
  AddressAnswer found = co_await resolver.addresses(host.host);
  Tried tried{
      .failure = {.why = "no address of " + host.host + ": " + found.why, .status = "4.4.3", .relay = relay_text(host)},
      .no_such_host = !found.exists};
  if (found.addresses.size() > most_addresses) found.addresses.resize(most_addresses);
  bool silent = true;
  for (const auto& address : found.addresses) {
    Try at{.host = host, .address = address};
    tried = co_await try_address(to, at, terms, timeouts);
    if (tried.handshake_failed && may_fall_back(to.tls)) {
      at.came_back = true;
      tried = co_await try_address(to, at, terms, timeouts);
    }
    silent = silent && tried.silent;
    if (tried.line) break;
  }
  tried.silent = silent;
  co_return tried;
}

net::Task<MailHosts> hosts_of(const Destination& to, const Terms& terms, Resolver& resolver) {
  const MxAnswer answer = co_await resolver.mx(to.mx_of);
  co_return mail_hosts(to.mx_of, answer, terms.settings->server.hostname, random_below);
}

/// In direct mode dead hosts are everyday; a relay of the config's that is away is not.
void remember(const Destination& to, const config::HostPort& host, const Tried& tried, Absences& absences) {
  if (tried.line) return absences.answered(host);
  if (!tried.silent || !absences.missed(host, std::chrono::steady_clock::now()) || !to.mx_of.empty()) return;
  log::Event("relay-away", log::Level::warning).field("relay", host.text()).field("why", tried.failure.why).send();
}

}  // namespace

net::Task<std::expected<std::unique_ptr<Line>, NoLine>> open_line(Destination to, std::shared_ptr<const Terms> terms,
                                                                  Resolver& resolver, Absences& absences,
                                                                  Timeouts timeouts) {
  std::vector<config::HostPort> hosts = to.hosts;
  if (!to.mx_of.empty()) {
    const MailHosts found = co_await hosts_of(to, *terms, resolver);
    if (found.hosts.empty()) {
      co_return std::unexpected(NoLine{.why = found.why, .status = found.status, .permanent = found.permanent});
    }
    for (const auto& host : found.hosts) hosts.push_back({host, terms->mx_port});
  }
  NoLine last{.why = "no next hop is known: set office.relay", .status = "4.3.5"};
  hosts = absences.order(hosts, std::chrono::steady_clock::now());
  for (const auto& host : hosts) {
    Tried tried = co_await try_host(to, host, *terms, resolver, timeouts);
    remember(to, host, tried, absences);
    if (tried.line) co_return std::move(tried.line);
    last = std::move(tried.failure);
    if (tried.no_such_host && host.host == to.mx_of) {  // neither MX nor address (RFC 5321 5.1)
      last.permanent = true;
      last.status = "5.4.4";
    }
  }
  co_return std::unexpected(std::move(last));
}

Line::Line(net::Stream stream, config::HostPort host, const Opening& opening, const Timeouts& timeouts)
    : stream_(std::move(stream)),
      interrupt_(stream_.interrupter()),
      host_(std::move(host)),
      offered_(opening.offered()),
      tls_(opening.security().text()),
      timeouts_(timeouts) {}

net::Task<Delivered> Line::deliver(Letter letter, std::string_view message) {
  Transaction transaction(std::move(letter), offered_);
  bool vanished = false;
  try {
    co_await converse(transaction, message);
  } catch (const net::Broken& broken) {
    vanished = broken.kind() == net::Broken::Kind::closed || broken.kind() == net::Broken::Kind::reset;
    transaction.broken(broken.what());
  } catch (const Gibberish& gibberish) { transaction.broken(gibberish.what()); }
  usable_ = !transaction.line_is_over();
  Delivered delivered{.outcomes = transaction.outcomes()};
  delivered.untouched = !usable_ && served_ > 0 && !transaction.answered() && (vanished || transaction.was_dismissed());
  for (auto& outcome : delivered.outcomes) {
    outcome.relay = relay_text(host_);
    outcome.tls = tls_;
  }
  ++served_;
  co_return delivered;
}

net::Task<void> Line::converse(Transaction& transaction, std::string_view message) {
  for (Step step = transaction.begin(); step.then != Step::Then::done;) {
    if (!step.say.empty()) {
      allow(stream_, timeouts_.command);
      co_await stream_.write(step.say);
    }
    if (step.then == Step::Then::message) co_await write_message(stream_, message, timeouts_.body);
    step = transaction.heard(co_await read_reply(stream_, timeouts_.of(step.phase)));
  }
}

net::Task<void> Line::quit() {
  try {
    if (usable_) {
      usable_ = false;
      allow(stream_, timeouts_.quit);
      co_await stream_.write("QUIT\r\n");
      co_await read_reply(stream_, timeouts_.quit);
    }
  } catch (const std::exception&) {
    // It is goodbye either way.
  }
  stream_.close();
}

void Line::break_off() { interrupt_(); }

}  // namespace zegel::send
