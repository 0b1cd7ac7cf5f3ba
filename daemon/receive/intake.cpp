#include "receive/intake.h"

#include <map>
#include <mutex>
#include <stdexcept>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <sys/socket.h>
#include <unistd.h>

#include "log/log.h"
#include "net/listener.h"
#include "net/socket_activation.h"
#include "net/strand.h"
#include "receive/visit.h"

namespace zegel::receive {
namespace asio = boost::asio;

/// Outlives the facade as long as there are visits.
struct Intake::State : std::enable_shared_from_this<State> {
  State(asio::io_context& context, std::shared_ptr<const config::Settings> settings, Gatehouse& house,
        const Patience& how_long)
      : io(context),
        gatehouse(house),
        patience(how_long),
        doorstep(std::make_shared<Doorstep>(settings)),
        budget(std::make_shared<Budget>(settings->server.memory)),
        doorkeeper(settings->server.connections, settings->server.per_client) {}

  asio::io_context& io;
  Gatehouse& gatehouse;
  Patience patience;
  std::shared_ptr<const Doorstep> doorstep;  // guarded by mutex
  std::shared_ptr<Budget> budget;
  Doorkeeper doorkeeper;
  std::vector<net::Listener> listeners;

  std::mutex mutex;
  std::map<std::uint64_t, net::Stream::Interrupter> visits;
  std::uint64_t last_visit = 0;
  bool draining = false;
  std::function<void()> drained;

  void listen(const std::vector<config::HostPort>& where, const std::vector<int>& passed, bool tls);
  void arrived(net::Arrival, bool tls);
  void turn_away(const net::Arrival&, bool tls);
  void enter(net::Arrival, bool tls);
  void leave(std::uint64_t visit, const std::string& address);
};

Intake::Intake(asio::io_context& io, std::shared_ptr<const config::Settings> settings, Gatehouse& gatehouse,
               Patience patience)
    : state_(std::make_shared<State>(io, std::move(settings), gatehouse, patience)) {}

Intake::~Intake() { stop_accepting(); }

void Intake::start() {
  std::vector<int> plain, tls;
  for (const net::ActivatedSocket& one : net::take_activated_sockets()) {
    const bool implicit_tls = one.name == "smtps" || one.name == "submissions" || one.name == "tls";
    (implicit_tls ? tls : plain).push_back(one.socket);
  }
  const config::Server& server = state_->doorstep->settings->server;
  if ((!server.listen_tls.empty() || !tls.empty()) && !state_->doorstep->tls) {
    throw std::runtime_error("server.listen_tls needs server.tls_certificate and server.tls_key");
  }
  state_->listen(server.listen, plain, false);
  state_->listen(server.listen_tls, tls, true);
}

void Intake::State::listen(const std::vector<config::HostPort>& where, const std::vector<int>& passed, bool tls) {
  std::vector<net::Listener> fresh;
  for (const int socket : passed) fresh.push_back(net::Listener::adopt(io, socket));
  if (passed.empty()) {
    for (const config::HostPort& one : where) {
      for (net::Listener& listener : net::Listener::open(io, one)) fresh.push_back(std::move(listener));
    }
  }
  for (net::Listener& listener : fresh) {
    listener.start([weak = weak_from_this(), tls](net::Arrival arrival) {
      if (const auto self = weak.lock()) {
        self->arrived(std::move(arrival), tls);
      } else {
        ::close(arrival.socket);
      }
    });
    listeners.push_back(std::move(listener));
  }
}

void Intake::State::arrived(net::Arrival arrival, bool tls) {
  if (!doorkeeper.enter(arrival.address)) return turn_away(arrival, tls);
  enter(std::move(arrival), tls);
}

/// Costs one packet: no session, no memory. Under implicit TLS there are no words without a handshake.
void Intake::State::turn_away(const net::Arrival& arrival, bool tls) {
  if (!tls) {
    const std::scoped_lock lock(mutex);
    const std::string words =
        smtp::Reply{421, "4.3.2", doorstep->terms->hostname + " has too many connections, try again later"}.wire();
    ::send(arrival.socket, words.data(), words.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  }
  ::close(arrival.socket);
  log::Event("turned-away", log::Level::debug).field("client", arrival.address).send();
}

void Intake::State::enter(net::Arrival arrival, bool tls) {
  const auto strand = net::strand(io);
  net::Stream stream(strand, arrival.socket, arrival.ipv6);
  const auto interrupter = stream.interrupter();
  const auto [id, here] = [&] {
    const std::scoped_lock lock(mutex);
    visits.emplace(++last_visit, interrupter);
    if (draining) interrupter();
    return std::pair(last_visit, doorstep);
  }();
  auto visit = std::make_unique<Visit>(House{gatehouse, budget, doorkeeper, patience}, here, std::move(stream),
                                       arrival.address, tls);
  asio::co_spawn(
      strand,
      [](std::shared_ptr<State> self, std::unique_ptr<Visit> one, std::uint64_t number,
         std::string address) -> net::Task<void> {
        co_await one->run();
        one.reset();
        self->leave(number, address);
      }(shared_from_this(), std::move(visit), id, arrival.address),
      asio::detached);
}

void Intake::State::leave(std::uint64_t visit, const std::string& address) {
  doorkeeper.leave(address);
  std::function<void()> call;
  {
    const std::scoped_lock lock(mutex);
    visits.erase(visit);
    if (draining && visits.empty()) call = std::exchange(drained, nullptr);
  }
  if (call) call();
}

void Intake::reload(std::shared_ptr<const config::Settings> settings) {
  auto fresh = std::make_shared<const Doorstep>(std::move(settings));
  const config::Server& server = fresh->settings->server;
  state_->doorkeeper.set_limits(server.connections, server.per_client);
  state_->budget->set_limit(server.memory);
  const std::scoped_lock lock(state_->mutex);
  const config::Server& old = state_->doorstep->settings->server;
  if (old.listen != server.listen || old.listen_tls != server.listen_tls) {
    log::Event("warning", log::Level::warning).field("what", "server.listen has changed; that takes a restart").send();
  }
  state_->doorstep = std::move(fresh);
}

void Intake::stop_accepting() {
  for (net::Listener& listener : state_->listeners) listener.stop();
}

void Intake::drain(std::function<void()> done) {
  {
    const std::scoped_lock lock(state_->mutex);
    state_->draining = true;
    for (const auto& [id, interrupt] : state_->visits) interrupt();
    if (!state_->visits.empty()) {
      state_->drained = std::move(done);
      return;
    }
  }
  done();
}

std::size_t Intake::connections() const { return state_->doorkeeper.inside(); }

Doorkeeper::Figures Intake::figures() const { return state_->doorkeeper.figures(); }

std::optional<Time> Intake::certificate_ends() const {
  const std::scoped_lock lock(state_->mutex);
  const auto& tls = state_->doorstep->tls;
  return tls ? tls->certificate_ends() : std::nullopt;
}

std::vector<config::HostPort> Intake::addresses() const {
  std::vector<config::HostPort> all;
  for (const net::Listener& listener : state_->listeners) all.push_back(listener.address());
  return all;
}

}  // namespace zegel::receive
