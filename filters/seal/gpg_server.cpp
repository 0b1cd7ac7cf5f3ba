#include "seal/gpg_server.h"

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>

#include <poll.h>
#include <sys/socket.h>

#include "seal/packets.h"
#include "seal/pgp_ring.h"

namespace zegel::seal {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t longest_answer = std::size_t{64} * 1024;

/// Waits for octets until `until`; false: it took too long.
bool readable(int fd, Clock::time_point until) {
  for (;;) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - Clock::now()).count();
    if (left <= 0) return false;
    pollfd wait{fd, POLLIN, 0};
    const int ready = ::poll(&wait, 1, static_cast<int>(left));
    if (ready > 0) return true;
    if (ready < 0 && errno != EINTR) return false;
  }
}

/// As few as gpg needs. The descriptor is the third of those we give it (libassuan's way of passing a socket).
std::vector<std::string> environment() { return {"_assuan_connection_fd=3", "PATH=/usr/bin:/bin", "LC_ALL=C"}; }

std::vector<std::string> command(const std::string& gpg, const std::string& home) {
  return {gpg,
          "--homedir",
          home,
          "--no-permission-warning",
          "--no-default-keyring",
          "--keyring",
          "gnupg-ring:/proc/self/fd/4",
          "--lock-never",
          "--server"};
}

/// GnuPG's own note in a keyring that a signature was found good, so that it need not be checked for every message. Our
/// ring holds what gpg took in, and the packets of what it makes are compared with what it listed as valid.
constexpr std::string_view found_good("\xB0\x06\x00\x03gpg\x00", 8);

std::string ring_of(const std::vector<const PgpKey*>& keys) {
  std::string ring;
  for (const PgpKey* key : keys) {
    const auto packets = pgp::packets(key->octets);
    for (const pgp::Packet& packet : packets ? *packets : std::vector<pgp::Packet>()) {
      ring += packet.whole;
      if (packet.tag == pgp::Tag::signature) ring += found_good;
    }
  }
  return ring;
}

}  // namespace

GpgServer::GpgServer(Descriptor socket, unsigned seconds) : socket_(std::move(socket)), seconds_(seconds) {}

Result<std::unique_ptr<GpgServer>> GpgServer::start(const std::string& gpg, const std::string& home, unsigned seconds) {
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) return fail(std::strerror(errno));
  std::unique_ptr<GpgServer> server(new GpgServer(Descriptor(ends[0]), seconds));
  const Descriptor its(ends[1]);
  auto process = Process::start(command(gpg, home), environment(), {its.get(), server->ring_.fd()});
  if (!process) return std::unexpected(process.error());
  server->process_ = std::make_unique<Process>(std::move(*process));
  if (auto greeted = server->await(1); !greeted) return std::unexpected(greeted.error());
  return server;
}

bool GpgServer::send(std::string_view lines, int passed) const {
  iovec piece{const_cast<char*>(lines.data()), lines.size()};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> control{};
  msghdr message{};
  message.msg_iov = &piece;
  message.msg_iovlen = 1;
  if (passed >= 0) {
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    cmsghdr* header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int));
    std::memcpy(CMSG_DATA(header), &passed, sizeof passed);
  }
  return ::sendmsg(socket_.get(), &message, MSG_NOSIGNAL) == static_cast<ssize_t>(lines.size());
}

Result<void> GpgServer::await(std::size_t count) {
  const auto until = Clock::now() + std::chrono::seconds(seconds_);
  while (count > 0) {
    const std::size_t end = received_.find('\n');
    if (end != std::string::npos) {
      const std::string line = received_.substr(0, end);
      received_.erase(0, end + 1);
      if (line.starts_with("ERR")) return fail("gpg: " + line);
      if (line == "OK" || line.starts_with("OK ")) --count;
      continue;
    }
    std::array<char, 4096> buffer{};
    if (received_.size() > longest_answer) return fail("gpg does not stop talking");
    if (!readable(socket_.get(), until)) return fail("gpg gave no answer within " + std::to_string(seconds_) + " s");
    const ssize_t got = ::recv(socket_.get(), buffer.data(), buffer.size(), 0);
    if (got <= 0) return fail("gpg is gone");
    received_.append(buffer.data(), static_cast<std::size_t>(got));
  }
  return {};
}

Result<std::string> GpgServer::encrypt(const PgpJob& job) {
  std::string lines = "RESET\n";
  for (const PgpKey* key : job.recipients) lines += "RECIPIENT " + key->fingerprint + "\n";
  ring_.write({ring_of(job.recipients)});
  input_.write(job.content);
  output_.rewind();
  // RESET throws away descriptors that have already come, so it must be answered before they are sent.
  if (!send(lines)) return fail("gpg is gone");
  if (auto chosen = await(1 + job.recipients.size()); !chosen) return std::unexpected(chosen.error());
  if (!send("INPUT FD\n", input_.fd()) || !send("OUTPUT FD\nENCRYPT\n", output_.fd())) return fail("gpg is gone");
  const auto done = await(3);
  input_.wipe();
  if (!done) return std::unexpected(done.error());
  ++used_;
  std::string sealed = output_.written();
  output_.shrink();
  return sealed;
}

}  // namespace zegel::seal
