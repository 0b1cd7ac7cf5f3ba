#include "relay_load.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <map>
#include <memory>
#include <stdexcept>
#include <string_view>
#include <vector>

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

namespace zegel::bench {

namespace {

constexpr std::size_t read_size = std::size_t{256} << 10;

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

void no_delay(int socket) {
  const int on = 1;
  ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

void watch(int poller, int socket) {
  epoll_event event{.events = EPOLLIN, .data = {.fd = socket}};
  ::epoll_ctl(poller, EPOLL_CTL_ADD, socket, &event);
}

/// Blocking sockets, small answers: they fit the socket's buffer.
void say(int socket, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) throw std::runtime_error("the relay hung up");
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

/// A connection to the sink.
struct Guest {
  std::string pending;  ///< an unfinished command, or the last octets of a message
  bool in_message = false;
};

constexpr std::string_view end_of_message = "\r\n.\r\n";

/// Consumes `bytes`; gives what to answer, and adds the messages that ended.
std::string answer(Guest& guest, std::string_view bytes, std::atomic<std::uint64_t>& taken) {
  guest.pending += bytes;
  std::string replies;
  for (;;) {
    if (guest.in_message) {
      const std::size_t end = guest.pending.find(end_of_message);
      if (end == std::string::npos) {
        if (guest.pending.size() > 4) guest.pending.erase(0, guest.pending.size() - 4);
        return replies;
      }
      guest.pending.erase(0, end + end_of_message.size());
      guest.in_message = false;
      ++taken;
      replies += "250 2.0.0 taken\r\n";
      continue;
    }
    const std::size_t end = guest.pending.find("\r\n");
    if (end == std::string::npos) return replies;
    const std::string command = guest.pending.substr(0, 4);
    guest.pending.erase(0, end + 2);
    if (command == "EHLO" || command == "HELO") {
      replies += "250-sink\r\n250-PIPELINING\r\n250-SIZE 104857600\r\n250 8BITMIME\r\n";
    } else if (command == "DATA") {
      guest.in_message = true;
      guest.pending.insert(0, "\r\n");
      replies += "354 go\r\n";
    } else if (command == "QUIT") {
      replies += "221 2.0.0 bye\r\n";
    } else {
      replies += "250 2.1.0 ok\r\n";
    }
  }
}

/// A connection to the relay.
struct Sender {
  int socket = -1;
  std::string replies;
  enum class At { greeting, hello, envelope, verdict, done } at = At::greeting;
  int awaited = 1;  ///< replies
};

class Crowd {
 public:
  explicit Crowd(const Load& load) : load_(load), poller_(::epoll_create1(0)), message_(make_message(load.size)) {
    for (std::uint32_t i = 0; i < load.sessions; ++i) connect();
  }
  ~Crowd() {
    for (const auto& [socket, sender] : senders_) ::close(socket);
    ::close(poller_);
  }
  Crowd(const Crowd&) = delete;
  Crowd& operator=(const Crowd&) = delete;

  void run() {
    std::array<epoll_event, 64> events{};
    while (accepted_ < load_.messages) {
      const int count = ::epoll_wait(poller_, events.data(), static_cast<int>(events.size()), 60'000);
      if (count == 0) throw std::runtime_error("the relay fell silent");
      for (int i = 0; i < count; ++i) hear(senders_.at(events[static_cast<std::size_t>(i)].data.fd));
    }
  }

 private:
  static std::string make_message(std::size_t size) {
    std::string message =
        "From: <piet@kantoor.nl>\r\nTo: <jan@klant.nl>\r\nSubject: a message of some size\r\n"
        "Date: Mon, 23 Nov 2026 20:00:00 +0000\r\nMessage-ID: <1@kantoor.nl>\r\n\r\n";
    while (message.size() < size) message += "Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eius\r\n";
    return message + ".\r\n";
  }

  void connect() {
    const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
    const sockaddr_in address = loopback(load_.port);
    if (::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
      throw std::runtime_error(std::string("cannot connect to the relay: ") + std::strerror(errno));
    }
    no_delay(socket);
    watch(poller_, socket);
    senders_[socket].socket = socket;
  }

  void hear(Sender& sender) {
    std::array<char, 4'096> room{};
    const ssize_t got = ::recv(sender.socket, room.data(), room.size(), 0);
    if (got <= 0) throw std::runtime_error("the relay hung up");
    sender.replies.append(room.data(), static_cast<std::size_t>(got));
    for (std::size_t end = 0; (end = sender.replies.find("\r\n")) != std::string::npos;) {
      const std::string line = sender.replies.substr(0, end);
      sender.replies.erase(0, end + 2);
      if (line.size() > 3 && line[3] == '-') continue;
      if (line[0] > '3') throw std::runtime_error("the relay said: " + line);
      if (--sender.awaited == 0) next(sender);
    }
  }

  void next(Sender& sender) {
    switch (sender.at) {
      case Sender::At::greeting:
        say(sender.socket, "EHLO bench.kantoor.nl\r\n");
        sender.at = Sender::At::hello;
        sender.awaited = 1;
        return;
      case Sender::At::verdict:
        ++accepted_;
        [[fallthrough]];
      case Sender::At::hello:
        if (begun_ == load_.messages) {
          sender.at = Sender::At::done;
          return;
        }
        ++begun_;
        say(sender.socket, "MAIL FROM:<piet@kantoor.nl>\r\nRCPT TO:<jan@klant.nl>\r\nDATA\r\n");
        sender.at = Sender::At::envelope;
        sender.awaited = 3;
        return;
      case Sender::At::envelope:
        say(sender.socket, message_);
        sender.at = Sender::At::verdict;
        sender.awaited = 1;
        return;
      case Sender::At::done:
        return;
    }
  }

  const Load& load_;
  int poller_;
  std::string message_;
  std::map<int, Sender> senders_;
  std::uint64_t begun_ = 0;
  std::uint64_t accepted_ = 0;
};

}  // namespace

Sink::Sink(bool silent) : listener_(::socket(AF_INET, SOCK_STREAM, 0)) {
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 ||
      ::listen(listener_, 1'024) != 0 || ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    throw std::runtime_error("the sink cannot listen");
  }
  port_ = ntohs(address.sin_port);
  if (!silent) thread_ = std::thread([this] { serve(); });
}

Sink::~Sink() {
  stop_ = true;
  if (thread_.joinable()) thread_.join();
  ::close(listener_);
}

void Sink::serve() {
  const int poller = ::epoll_create1(0);
  watch(poller, listener_);
  std::map<int, Guest> guests;
  std::array<epoll_event, 64> events{};
  const auto room = std::make_unique<std::array<char, read_size>>();
  while (!stop_) {
    const int count = ::epoll_wait(poller, events.data(), static_cast<int>(events.size()), 50);
    for (int i = 0; i < count; ++i) {
      const int socket = events[static_cast<std::size_t>(i)].data.fd;
      if (socket == listener_) {
        const int guest = ::accept(listener_, nullptr, nullptr);
        no_delay(guest);
        watch(poller, guest);
        guests[guest] = {};
        say(guest, "220 sink ESMTP\r\n");
        continue;
      }
      const ssize_t got = ::recv(socket, room->data(), room->size(), 0);
      try {
        if (got <= 0) throw std::runtime_error("gone");
        say(socket, answer(guests[socket], {room->data(), static_cast<std::size_t>(got)}, taken_));
      } catch (const std::runtime_error&) {
        guests.erase(socket);
        ::close(socket);
      }
    }
  }
  for (const auto& [socket, guest] : guests) ::close(socket);
  ::close(poller);
}

double send(const Load& load) {
  const auto start = std::chrono::steady_clock::now();
  Crowd(load).run();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace zegel::bench
