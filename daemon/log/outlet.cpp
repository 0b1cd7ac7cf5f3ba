#include "log/outlet.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <utility>

#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <syslog.h>
#include <unistd.h>

namespace zegel::log {

namespace {

using Clock = std::chrono::steady_clock;

/// rsyslog takes 8 KB a line unless it is told otherwise.
constexpr std::size_t longest_line = 8'000;
/// A pipe that can be written to takes so much without waiting (PIPE_BUF).
constexpr std::size_t piece = 4'096;
constexpr int moment_ms = 50;
constexpr std::chrono::seconds at_the_end{1};

/// `<22>Nov 26 10:38:19 zegeld[123]: `: RFC 3164, as syslog(3) writes to a local socket.
std::string syslog_head(Severity severity) {
  const std::time_t now = std::time(nullptr);
  std::tm local{};
  ::localtime_r(&now, &local);
  char stamp[32];
  const std::size_t size = std::strftime(stamp, sizeof stamp, "%b %e %H:%M:%S", &local);
  return "<" + std::to_string(LOG_MAIL | static_cast<int>(severity)) + ">" + std::string(stamp, size) + " zegeld[" +
         std::to_string(::getpid()) + "]: ";
}

bool is_writable(int fd, int wait_ms) {
  pollfd wanted{fd, POLLOUT, 0};
  return ::poll(&wanted, 1, wait_ms) > 0;
}

mode_t kind_of(int fd) {
  struct stat about{};
  return ::fstat(fd, &about) == 0 ? about.st_mode & S_IFMT : 0;
}

}  // namespace

Outlet::Outlet(std::string socket_path, Patience patience) : path_(std::move(socket_path)), patience_(patience) {}

Outlet::~Outlet() { disconnect(); }

void Outlet::write(Severity severity, std::string_view line, std::size_t lines) {
  if (const std::size_t lost = lost_; lost > 0) {
    if (offer(Severity::warning, "event=log-lost lines=" + std::to_string(lost))) {
      lost_ -= lost;
      deaf_ = false;
    }
  }
  const auto until = Clock::now() + patience_;
  while (!offer(severity, line)) {
    if (deaf_ || Clock::now() >= std::min(until, last_moment_.load())) return give_up(lines);
    wait_a_moment();
  }
  deaf_ = false;
}

void Outlet::give_up(std::size_t lines) {
  deaf_ = true;
  lost(lines);
  cut_ = cut_ || written_ > 0;
  written_ = 0;
}

void Outlet::hurry() { last_moment_ = Clock::now() + at_the_end; }

bool Outlet::offer(Severity severity, std::string_view line) {
  return path_.empty() ? offer_to_stderr((cut_ ? "\n" : "") + std::string(line) + "\n")
                       : offer_to_syslog(syslog_head(severity) + std::string(line.substr(0, longest_line)));
}

/// A receiver that was started anew has another socket behind the same name.
bool Outlet::offer_to_syslog(std::string_view line) {
  for (int attempt = 0; attempt < 2; ++attempt) {
    if (socket_ < 0 && !connect()) return false;
    if (::send(socket_, line.data(), line.size(), MSG_NOSIGNAL | MSG_DONTWAIT) >= 0) return true;
    if (errno == EAGAIN || errno == ENOBUFS || errno == EINTR) return false;
    disconnect();
  }
  return false;
}

bool Outlet::offer_to_stderr(std::string_view line) {
  const mode_t kind = kind_of(STDERR_FILENO);
  while (written_ < line.size()) {
    if (!is_writable(STDERR_FILENO, 0)) return false;
    const std::string_view rest = line.substr(written_, kind == S_IFREG ? line.npos : piece);
    const ssize_t taken = kind == S_IFSOCK
                              ? ::send(STDERR_FILENO, rest.data(), rest.size(), MSG_NOSIGNAL | MSG_DONTWAIT)
                              : ::write(STDERR_FILENO, rest.data(), rest.size());
    if (taken < 0) return false;
    written_ += static_cast<std::size_t>(taken);
  }
  written_ = 0;
  cut_ = false;
  return true;
}

bool Outlet::connect() {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path_.size() >= sizeof address.sun_path) return false;
  std::memcpy(address.sun_path, path_.data(), path_.size());
  socket_ = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (socket_ >= 0 && ::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return true;
  disconnect();
  return false;
}

void Outlet::disconnect() {
  if (socket_ >= 0) ::close(std::exchange(socket_, -1));
}

void Outlet::wait_a_moment() const {
  const int fd = path_.empty() ? STDERR_FILENO : socket_;
  pollfd wanted{fd, POLLOUT, 0};  // without a descriptor it merely waits
  ::poll(&wanted, fd < 0 ? 0 : 1, moment_ms);
}

}  // namespace zegel::log
