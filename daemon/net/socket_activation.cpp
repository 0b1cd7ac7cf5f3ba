#include "net/socket_activation.h"

#include <charconv>
#include <cstdlib>

#include <fcntl.h>
#include <unistd.h>

#include "core/text.h"

// The protocol of sd_listen_fds(3) in a few lines, so that libsystemd stays out of the mail path.
namespace zegel::net {
namespace {

constexpr int first_socket = 3;
constexpr int most_sockets = 64;

std::string variable(const char* name) {
  const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): before there are threads
  return value == nullptr ? "" : value;
}

int number(const std::string& text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() ? value : 0;
}

}  // namespace

std::vector<ActivatedSocket> take_activated_sockets() {
  const bool ours = number(variable("LISTEN_PID")) == ::getpid();
  const int count = number(variable("LISTEN_FDS"));
  const std::string names = variable("LISTEN_FDNAMES");
  for (const char* name : {"LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"})
    ::unsetenv(name);  // NOLINT(concurrency-mt-unsafe): as above
  std::vector<ActivatedSocket> sockets;
  if (!ours || count <= 0 || count > most_sockets) return sockets;
  const auto pieces = text::split(names, ':');
  for (int i = 0; i < count; ++i) {
    ::fcntl(first_socket + i, F_SETFD, FD_CLOEXEC);
    sockets.push_back({first_socket + i, static_cast<std::size_t>(i) < pieces.size() ? std::string(pieces[i]) : ""});
  }
  return sockets;
}

}  // namespace zegel::net
