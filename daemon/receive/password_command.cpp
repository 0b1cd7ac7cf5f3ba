#include "receive/password_command.h"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace zegel::receive {

namespace {

/// A file descriptor that closes itself.
class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() { reset(); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  [[nodiscard]] int get() const { return fd_; }
  void reset() {
    if (fd_ >= 0) close(fd_);
    fd_ = -1;
  }

 private:
  int fd_;
};

/// Starts it in a process group of its own, its stdin the given pipe. Gives the pid, or minus errno.
pid_t start(const std::string& program, const std::string& recipient, const std::string& reference, int input) {
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_adddup2(&files, input, STDIN_FILENO);
  posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addopen(&files, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addclosefrom_np(&files, STDERR_FILENO + 1);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&attributes, &none);
  sigset_t as_usual;  // we ignore it, a shell's pipes need it
  sigemptyset(&as_usual);
  sigaddset(&as_usual, SIGPIPE);
  posix_spawnattr_setsigdefault(&attributes, &as_usual);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  std::string words[] = {program, recipient, reference};
  std::string path = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
  char* argv[] = {words[0].data(), words[1].data(), words[2].data(), nullptr};
  char* environment[] = {path.data(), nullptr};
  pid_t pid = 0;
  const int error = posix_spawn(&pid, program.c_str(), &files, &attributes, argv, environment);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&files);
  return error == 0 ? pid : -error;
}

/// Waits for its end; at the deadline kills the group and reaps it. Gives the exit status, or -1 when it was killed.
int wait_for(pid_t pid, seconds deadline) {
  const Descriptor watched(static_cast<int>(syscall(SYS_pidfd_open, pid, 0)));
  pollfd ended{watched.get(), POLLIN, 0};
  const bool in_time = poll(&ended, 1, static_cast<int>(milliseconds(deadline).count())) == 1;
  if (!in_time) kill(-pid, SIGKILL);
  int status = 0;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {}
  if (!in_time) return -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

Result<void> hand_over_password(const std::string& program, const mail::Mailbox& recipient,
                                const std::string& reference, const Secret& password, seconds deadline) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return fail("zip.command: no pipe");
  Descriptor its(ends[0]);
  Descriptor ours(ends[1]);
  // Before it runs: a passphrase fits into any pipe, and our own end for reading keeps the pipe whole meanwhile.
  for (const std::string_view piece : {password.reveal(), std::string_view("\n")}) {
    if (write(ours.get(), piece.data(), piece.size()) != static_cast<ssize_t>(piece.size()))
      return fail("zip.command: the pipe takes nothing");
  }
  ours.reset();
  const pid_t pid = start(program, recipient.address(), reference, its.get());
  its.reset();
  if (pid < 0) return fail("zip.command " + program + ": " + std::strerror(-pid));
  const int status = wait_for(pid, deadline);
  if (status == 0) return {};
  if (status < 0)
    return fail("zip.command " + program + ": not done within " + std::to_string(deadline.count()) + " seconds");
  return fail("zip.command " + program + ": ended with " + std::to_string(status));
}

}  // namespace zegel::receive
