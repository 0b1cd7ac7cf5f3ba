#include "cli/fake_clamd.h"

#include <algorithm>
#include <cstdint>

#include <arpa/inet.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace zegel::fake {

namespace {

bool read_exactly(int line, void* into, std::size_t size) {
  return size == 0 || recv(line, into, size, MSG_WAITALL) == static_cast<ssize_t>(size);
}

std::string command(int line) {
  std::string heard;
  for (char c = 1; read_exactly(line, &c, 1) && c != '\0';) heard += c;
  return heard;
}

void say(int line, const std::string& words) { (void)send(line, words.c_str(), words.size() + 1, MSG_NOSIGNAL); }

}  // namespace

Clamd::Clamd(Answer answer, const std::string& path, std::size_t most) : answer_(std::move(answer)), most_(most) {
  if (path.empty()) {
    sockaddr_in any{};
    any.sin_family = AF_INET;
    any.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof any;
    listening_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bind(listening_, reinterpret_cast<const sockaddr*>(&any), size);
    getsockname(listening_, reinterpret_cast<sockaddr*>(&any), &size);
    address_ = "127.0.0.1:" + std::to_string(ntohs(any.sin_port));
  } else {
    sockaddr_un local{};
    local.sun_family = AF_UNIX;
    std::ranges::copy(path, local.sun_path);
    listening_ = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    unlink(path.c_str());
    bind(listening_, reinterpret_cast<const sockaddr*>(&local), sizeof local);
    address_ = path;
  }
  listen(listening_, 4);
  thread_ = std::thread([this] { serve(); });
}

Clamd::~Clamd() {
  shutdown(listening_, SHUT_RDWR);
  thread_.join();
  close(listening_);
}

void Clamd::serve() {
  for (int line = 0; (line = accept4(listening_, nullptr, nullptr, SOCK_CLOEXEC)) >= 0;) {
    talk(line);
    close(line);
  }
}

void Clamd::talk(int line) {
  const std::string asked = command(line);
  if (asked == "zPING") return say(line, "PONG");
  if (asked != "zINSTREAM") return say(line, "UNKNOWN COMMAND");
  std::string octets;
  for (std::uint32_t size = 1; read_exactly(line, &size, sizeof size) && size != 0 && octets.size() < most_;) {
    std::string chunk(ntohl(size), '\0');
    if (!read_exactly(line, chunk.data(), chunk.size())) return;
    octets += chunk;
  }
  const std::string words = answer_(octets);
  if (!words.empty()) return say(line, words);
  char gone = 0;
  (void)read_exactly(line, &gone, 1);  // until the other end has had enough
}

}  // namespace zegel::fake
