#include "cli/inspect_lines.h"

#include <memory>
#include <optional>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include "check/allowlist.h"
#include "cli/session.h"
#include "receive/clamd.h"
#include "send/courier.h"
#include "send/terms.h"

namespace zegel::cli {

namespace {

namespace asio = boost::asio;

constexpr seconds patience{10};
constexpr seconds longest{30};

send::Timeouts impatient() {
  send::Timeouts timeouts;
  timeouts.connect = timeouts.greeting = timeouts.command = patience;
  timeouts.quit = seconds(1);
  return timeouts;
}

/// Tries the lines that deliveries will take.
class Lines {
 public:
  Lines(const config::Settings& settings, const Network& network, Problems& problems)
      : settings_(settings),
        network_(network),
        problems_(problems),
        terms_(send::make_terms(std::make_shared<const config::Settings>(settings), network.mx_port)) {}

  void next_hops();
  void direct();
  void office();

 private:
  /// Opens a line as a delivery would and hangs up again; why not, or nothing.
  [[nodiscard]] std::optional<std::string> try_line(send::Destination) const;
  void problem(const std::string& key, const std::string& what) {
    problems_.push_back(place_of(settings_, key) + ": " + what);
  }

  const config::Settings& settings_;
  const Network& network_;
  Problems& problems_;
  std::shared_ptr<const send::Terms> terms_;
};

std::optional<std::string> Lines::try_line(send::Destination to) const {
  asio::io_context io;
  const auto executor = io.get_executor();
  const auto resolver = network_.resolver ? network_.resolver(executor) : send::make_resolver(executor);
  send::Absences absences;
  std::optional<std::string> why = "no answer within " + std::to_string(longest.count()) + " seconds";
  const auto talk = [&]() -> net::Task<void> {
    auto line = co_await send::open_line(std::move(to), terms_, *resolver, absences, impatient());
    if (line) co_await (*line)->quit();
    why = line ? std::nullopt : std::optional(line.error().why);
  };
  asio::co_spawn(io, talk, [&](const std::exception_ptr&) { io.stop(); });
  io.run_for(longest);
  return why;
}

void Lines::next_hops() {
  for (const config::HostPort& host : settings_.delivery.relay) {
    const auto why = try_line(
        {.hosts = {host}, .mx_of = {}, .tls = settings_.delivery.tls, .login = !settings_.delivery.user.empty()});
    if (!why) continue;
    problem("delivery.relay", "no line to the next hop " + host.text() + ": " + *why +
                                  "; is it up, are name and port right, does it do what delivery.tls and "
                                  "delivery.user ask?");
  }
}

/// A domain that mail will go to: the allowlist's first; else the office's own, which is sure to have an MX.
std::string some_domain(const config::Settings& settings) {
  for (const std::string& path : settings.recipients.allowlist) {
    const auto bytes = read_input(path);
    if (!bytes) continue;
    for (const check::AllowlistLine& line : check::parse_allowlist(*bytes).lines) {
      if (line.entry.what != check::Entry::What::subdomains)
        return line.entry.text.substr(line.entry.text.rfind('@') + 1);
    }
  }
  return settings.office.domains.front();
}

/// Name service, the way out through port 25 and the TLS that is demanded are the same for every domain.
void Lines::direct() {
  if (!settings_.delivery.direct) return;
  const std::string domain = some_domain(settings_);
  const auto why = try_line({.hosts = {}, .mx_of = domain, .tls = settings_.delivery.tls});
  if (!why) return;
  problem("delivery.direct", "no line to the MX of " + domain + ": " + *why +
                                 "; does DNS work here, may this machine go out through port 25, does delivery.tls "
                                 "ask for more than others have?");
}

void Lines::office() {
  if (!settings_.office.relay) return;
  const auto why = try_line({.hosts = {*settings_.office.relay}, .mx_of = {}, .tls = Tls::opportunistic});
  if (!why) return;
  problem("office.relay", "no line to the office's own mail server " + settings_.office.relay->text() + ": " + *why +
                              "; bounces, notices and passwords would not arrive: mend host, port or firewall");
}

}  // namespace

void inspect_lines(const config::Settings& settings, Problems& problems, const Network& network) {
  try {
    Lines lines(settings, network, problems);
    lines.next_hops();
    lines.direct();
    lines.office();
  } catch (const std::exception& accident) {
    const std::string key = settings.delivery.direct ? "delivery.direct" : "delivery.relay";
    problems.push_back(place_of(settings, key) + ": " + accident.what() + "; mend that first");
  }
  if (settings.scan.clamd.empty()) return;
  if (const auto there = receive::ping_clamd(settings.scan.clamd); !there) {
    problems.push_back(place_of(settings, "scan.clamd") + ": " + there.error().why +
                       "; start clamd, or mend host, port or socket");
  }
}

}  // namespace zegel::cli
