#include "receive/clamd.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <stdexcept>

#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "config/address.h"
#include "core/text.h"

namespace zegel::receive {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t chunk = 256 << 10;
constexpr std::size_t longest_answer = 4'096;
constexpr std::size_t longest_name = 100;

/// It is away. The one accident in here, caught where the answer is made.
struct Away : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// A connection to clamd; each operation throws Away, also when the deadline has passed.
class Line {
 public:
  Line(const std::string& clamd, seconds patience) : end_(Clock::now() + patience) {
    if (clamd.starts_with('/')) {
      connect_local(clamd);
    } else {
      connect_tcp(clamd);
    }
  }
  ~Line() { hang_up(); }
  Line(const Line&) = delete;
  Line& operator=(const Line&) = delete;

  /// False: the other end hung up, perhaps after an answer.
  bool say(std::string_view bytes);
  /// Up to the NUL that ends it.
  std::string hear();

 private:
  void connect_local(const std::string& path);
  void connect_tcp(const std::string& host_port);
  bool try_connect(int family, const sockaddr* address, socklen_t size);
  void wait(short events);
  void hang_up() {
    if (fd_ >= 0) close(fd_);
    fd_ = -1;
  }

  Clock::time_point end_;
  int fd_ = -1;
};

void Line::wait(short events) {
  const auto left = std::chrono::ceil<milliseconds>(end_ - Clock::now()).count();
  pollfd waiting{fd_, events, 0};
  int ready = -1;
  do {
    ready = poll(&waiting, 1, static_cast<int>(std::max<long long>(left, 0)));
  } while (ready < 0 && errno == EINTR && Clock::now() < end_);
  if (ready != 1) throw Away("no answer in time");
}

bool Line::try_connect(int family, const sockaddr* address, socklen_t size) {
  fd_ = socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd_ < 0) throw Away(std::strerror(errno));
  if (connect(fd_, address, size) == 0) return true;
  int error = errno;
  if (error == EINPROGRESS) {
    wait(POLLOUT);
    socklen_t length = sizeof error;
    getsockopt(fd_, SOL_SOCKET, SO_ERROR, &error, &length);
  }
  if (error == 0) return true;
  hang_up();
  errno = error;
  return false;
}

void Line::connect_local(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) throw Away("the path is too long for a socket");
  std::ranges::copy(path, address.sun_path);
  if (!try_connect(AF_UNIX, reinterpret_cast<const sockaddr*>(&address), sizeof address))
    throw Away(std::strerror(errno));
}

void Line::connect_tcp(const std::string& host_port) {
  const auto where = config::parse_host_port(host_port);
  if (!where) throw Away(where.error().why);
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_STREAM;
  addrinfo* raw = nullptr;
  const int error = getaddrinfo(where->host.c_str(), std::to_string(where->port).c_str(), &wanted, &raw);
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> found(raw, &freeaddrinfo);
  if (error != 0) throw Away(gai_strerror(error));
  for (const addrinfo* one = found.get(); one != nullptr; one = one->ai_next) {
    if (try_connect(one->ai_family, one->ai_addr, one->ai_addrlen)) return;
  }
  throw Away(std::strerror(errno));
}

bool Line::say(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    } else if (errno == EAGAIN) {
      wait(POLLOUT);
    } else if (errno != EINTR) {
      return false;
    }
  }
  return true;
}

std::string Line::hear() {
  std::string heard;
  char buffer[512];
  while (heard.size() < longest_answer) {
    const ssize_t got = recv(fd_, buffer, sizeof buffer, 0);
    if (got > 0) {
      heard.append(buffer, static_cast<std::size_t>(got));
      if (const auto end = heard.find('\0'); end != std::string::npos) return heard.substr(0, end);
    } else if (got < 0 && errno == EAGAIN) {
      wait(POLLIN);
    } else if (got == 0 || errno != EINTR) {
      throw Away(heard.empty() ? "it hung up" : "it hung up amid its answer");
    }
  }
  throw Away("its answer has no end");
}

/// A length in front, most significant octet first.
std::string prefix(std::size_t size) {
  std::string octets;
  for (const int shift : {24, 16, 8, 0}) octets += static_cast<char>(size >> shift & 0xFF);
  return octets;
}

/// Fit for a reply and the log, whoever wrote the signature.
std::string harmless(std::string_view name) {
  std::string out(name.substr(0, longest_name));
  std::ranges::replace_if(out, [](char c) { return !text::is_alnum(c) && c != '.' && c != '-' && c != '_'; }, '?');
  return out;
}

std::string ask_about(Line& line, std::string_view message) {
  bool heard_out = line.say(std::string_view("zINSTREAM\0", 10));
  for (; heard_out && !message.empty(); message.remove_prefix(std::min(chunk, message.size()))) {
    const std::string_view piece = message.substr(0, chunk);
    heard_out = line.say(prefix(piece.size())) && line.say(piece);
  }
  if (heard_out) line.say(prefix(0));
  return line.hear();
}

}  // namespace

Result<std::string> scan(const std::string& clamd, std::string_view message, seconds deadline) {
  constexpr std::string_view stream = "stream: ", found = " FOUND";
  try {
    Line line(clamd, deadline);
    const std::string answer = ask_about(line, message);
    if (answer == "stream: OK") return std::string();
    if (answer.starts_with(stream) && answer.ends_with(found) && answer.size() > stream.size() + found.size())
      return harmless(std::string_view(answer).substr(stream.size(), answer.size() - stream.size() - found.size()));
    return fail("scan.clamd " + clamd + ": " + harmless(answer));
  } catch (const Away& away) { return fail("scan.clamd " + clamd + ": " + away.what()); }
}

Result<void> ping_clamd(const std::string& clamd, seconds deadline) {
  try {
    Line line(clamd, deadline);
    line.say(std::string_view("zPING\0", 6));
    if (line.hear() == "PONG") return {};
    return fail("scan.clamd " + clamd + ": it is no clamd");
  } catch (const Away& away) { return fail("scan.clamd " + clamd + ": " + away.what()); }
}

}  // namespace zegel::receive
