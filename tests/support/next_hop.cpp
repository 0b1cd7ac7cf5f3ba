#include "support/next_hop.h"

#include <atomic>
#include <mutex>
#include <stdexcept>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <sys/socket.h>

#include "core/base64.h"
#include "core/text.h"

namespace zegel::fake {

namespace asio = boost::asio;
using asio::ip::tcp;

net::Task<void> Peer::say(std::string_view line) {
  const std::string bytes = std::string(line) + "\r\n";
  co_await stream_.write(bytes);
}

net::Task<void> Peer::raw(std::string_view bytes) { co_await stream_.write(bytes); }

net::Task<std::string> Peer::line() { co_return co_await stream_.read_line(65'000); }

net::Task<std::string> Peer::message() {
  std::string all;
  for (;;) {
    const std::string next = co_await line();
    if (next == ".") co_return all;
    all += next.starts_with('.') ? next.substr(1) : next;
    all += "\r\n";
  }
}

net::Task<void> Peer::sleep(std::chrono::milliseconds time) {
  asio::steady_timer timer(co_await asio::this_coro::executor, time);
  co_await timer.async_wait(asio::use_awaitable);
}

net::Task<void> Peer::ignore() {
  for (;;) {
    co_await stream_.fill();
    stream_.consume(stream_.buffered().size());
  }
}

net::Task<void> Peer::start_tls(net::TlsContext::Shared context) { co_await stream_.start_tls(std::move(context)); }

void Peer::reset() {
  const linger now{.l_onoff = 1, .l_linger = 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
}

void Peer::shut() { ::shutdown(socket_, SHUT_WR); }

struct NextHop::Inside : std::enable_shared_from_this<NextHop::Inside> {
  explicit Inside(Script what) : script(std::move(what)), acceptor(io, {asio::ip::make_address("127.0.0.1"), 0}) {}

  net::Task<void> accept() {
    for (;;) {
      auto [error, socket] = co_await acceptor.async_accept(asio::as_tuple(asio::use_awaitable));
      if (error) co_return;
      asio::co_spawn(io, serve(std::move(socket), ++connections), asio::detached);
    }
  }

  net::Task<void> serve(tcp::socket socket, std::uint32_t number) {
    const int handle = socket.native_handle();
    Peer peer(net::Stream(io.get_executor(), socket.release(), false), handle);
    try {
      co_await script(peer, number);
    } catch (const net::Broken&) {
      // The other side went; that is its right.
    }
  }

  asio::io_context io;
  Script script;
  tcp::acceptor acceptor;
  std::atomic<std::uint32_t> connections = 0;
  mutable std::mutex mutex;
  std::vector<Received> received;
};

namespace {

/// One session of a well-behaved server.
struct Session {
  Peer& peer;
  const Manners& manners;
  std::uint32_t number;
  std::function<void(Received)> keep;
  Received now = {};
  std::uint32_t mails = 0;

  [[nodiscard]] std::string reply_to(const std::string& command, std::string usual) const {
    std::string special = manners.answer ? manners.answer(command) : std::string();
    return special.empty() ? usual : special;
  }

  net::Task<void> hello(const std::string& command) {
    now.helo = command.substr(5);
    if (manners.offers.empty()) {
      co_await peer.say(reply_to(command, "250 hop.example"));
      co_return;
    }
    std::string reply = "250-hop.example";
    if (manners.tls && !peer.secure()) reply += "\r\n250-STARTTLS";
    for (std::size_t i = 0; i < manners.offers.size(); ++i) {
      reply += "\r\n250" + std::string(i + 1 < manners.offers.size() ? "-" : " ") + manners.offers[i];
    }
    co_await peer.say(reply_to(command, reply));
  }

  net::Task<void> data() {
    const std::string go = reply_to("DATA", now.rcpts.empty() ? "554 5.5.1 no recipients" : "354 go ahead");
    co_await peer.say(go);
    if (!go.starts_with("354")) co_return;
    now.message = co_await peer.message();
    const std::string verdict = reply_to("after the dot", "250 2.0.0 kept");
    now.secure = peer.secure();
    now.connection = number;
    if (verdict.starts_with("2")) keep(now);
    co_await peer.say(verdict);
    now.rcpts.clear();
    ++mails;
  }

  net::Task<void> auth(const std::string& command) {
    if (command.starts_with("AUTH PLAIN ")) {
      now.login = base64::decode(command.substr(11)).value_or("?");
    } else {
      co_await peer.say("334 VXNlcm5hbWU6");
      now.login = base64::decode(co_await peer.line()).value_or("?");
      co_await peer.say("334 UGFzc3dvcmQ6");
      now.login += ":" + base64::decode(co_await peer.line()).value_or("?");
    }
    co_await peer.say(reply_to("AUTH", "235 2.7.0 welcome"));
  }

  net::Task<bool> one(const std::string& command) {
    if (mails >= manners.mails_per_connection) {
      co_await peer.say("421 4.3.2 enough for now");
      co_return false;
    }
    if (text::starts_with_folded(command, "EHLO ") || text::starts_with_folded(command, "HELO ")) {
      co_await hello(command);
    } else if (command == "STARTTLS") {
      co_await peer.say(reply_to(command, "220 go ahead"));
      co_await peer.start_tls(manners.tls);
    } else if (command.starts_with("AUTH ")) {
      co_await auth(command);
    } else if (command == "DATA") {
      co_await data();
    } else if (command == "QUIT") {
      co_await peer.say("221 2.0.0 bye");
      co_return false;
    } else {
      const std::string reply = reply_to(command, "250 2.1.0 ok");
      if (command.starts_with("MAIL")) now.mail = command;
      if (command.starts_with("RCPT") && reply.starts_with("2")) now.rcpts.push_back(command);
      co_await peer.say(reply);
      co_return !reply.starts_with("421");
    }
    co_return true;
  }

  net::Task<void> run() {
    if (manners.implicit_tls) co_await peer.start_tls(manners.tls);
    co_await peer.say(manners.greeting);
    while (co_await one(co_await peer.line())) {}
  }
};

}  // namespace

NextHop::NextHop(Script script) : inside_(std::make_shared<Inside>(std::move(script))) { start(); }

NextHop::NextHop(Manners manners) : inside_(std::make_shared<Inside>(Script())) {
  inside_->script = [inside = inside_.get(), manners](Peer& peer, std::uint32_t number) -> net::Task<void> {
    Session session{peer, manners, number, [inside](Received mail) {
                      const std::lock_guard lock(inside->mutex);
                      inside->received.push_back(std::move(mail));
                    }};
    co_await session.run();
  };
  start();
}

void NextHop::start() {
  asio::co_spawn(
      inside_->io, [inside = inside_.get()]() -> net::Task<void> { co_await inside->accept(); }, asio::detached);
  thread_ = std::thread([inside = inside_] { inside->io.run(); });
}

NextHop::~NextHop() {
  inside_->io.stop();
  thread_.join();
}

std::uint16_t NextHop::port() const { return inside_->acceptor.local_endpoint().port(); }

std::vector<Received> NextHop::received() const {
  const std::lock_guard lock(inside_->mutex);
  return inside_->received;
}

std::uint32_t NextHop::connections() const { return inside_->connections; }

net::TlsContext::Shared certificate(const std::string& name) {
  const std::string path = ZEGEL_SOURCE_DIR "/tests/support/tls/" + name;
  auto context = net::TlsContext::server(path + ".pem", path + ".key");
  if (!context) throw std::runtime_error(context.error().why);
  return *context;
}

}  // namespace zegel::fake
