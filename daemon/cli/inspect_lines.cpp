#include <memory>
#include <optional>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include "cli/inspect.h"
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

/// Opens a line as a delivery would and hangs up again; why not, or nothing.
std::optional<std::string> try_line(send::Destination to, const std::shared_ptr<const send::Terms>& terms) {
  asio::io_context io;
  const auto resolver = send::make_resolver(io.get_executor());
  send::Absences absences;
  std::optional<std::string> why = "no answer within " + std::to_string(longest.count()) + " seconds";
  const auto talk = [&]() -> net::Task<void> {
    auto line = co_await send::open_line(std::move(to), terms, *resolver, absences, impatient());
    if (line) co_await (*line)->quit();
    why = line ? std::nullopt : std::optional(line.error().why);
  };
  asio::co_spawn(io, talk, [&](const std::exception_ptr&) { io.stop(); });
  io.run_for(longest);
  return why;
}

void inspect_next_hops(const config::Settings& settings, const std::shared_ptr<const send::Terms>& terms,
                       Problems& problems) {
  for (const config::HostPort& host : settings.delivery.relay) {
    const auto why = try_line(
        {.hosts = {host}, .mx_of = {}, .tls = settings.delivery.tls, .login = !settings.delivery.user.empty()}, terms);
    if (!why) continue;
    problems.push_back(place_of(settings, "delivery.relay") + ": no line to the next hop " + host.text() + ": " + *why +
                       "; is it up, are name and port right, does it do what delivery.tls and delivery.user ask?");
  }
}

void inspect_office(const config::Settings& settings, const std::shared_ptr<const send::Terms>& terms,
                    Problems& problems) {
  if (!settings.office.relay) return;
  const auto why = try_line({.hosts = {*settings.office.relay}, .mx_of = {}, .tls = Tls::opportunistic}, terms);
  if (why) {
    problems.push_back(place_of(settings, "office.relay") + ": no line to the office's own mail server " +
                       settings.office.relay->text() + ": " + *why +
                       "; bounces, notices and passwords would not arrive: mend host, port or firewall");
  }
}

}  // namespace

void inspect_lines(const config::Settings& settings, Problems& problems) {
  try {
    const auto terms = send::make_terms(std::make_shared<const config::Settings>(settings), 25);
    inspect_next_hops(settings, terms, problems);
    inspect_office(settings, terms, problems);
  } catch (const std::exception& accident) {
    problems.push_back(place_of(settings, "delivery.relay") + ": " + accident.what() + "; mend that first");
  }
  if (settings.scan.clamd.empty()) return;
  if (const auto there = receive::ping_clamd(settings.scan.clamd); !there) {
    problems.push_back(place_of(settings, "scan.clamd") + ": " + there.error().why +
                       "; start clamd, or mend host, port or socket");
  }
}

}  // namespace zegel::cli
