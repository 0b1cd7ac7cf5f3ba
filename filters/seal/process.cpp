#include "seal/process.h"

#include <cerrno>
#include <csignal>
#include <cstring>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace zegel::seal {

namespace {

/// What posix_spawn shall do in the child before the program starts.
class Preparation {
 public:
  Preparation() {
    posix_spawn_file_actions_init(&actions_);
    posix_spawnattr_init(&attributes_);
  }
  Preparation(const Preparation&) = delete;
  Preparation& operator=(const Preparation&) = delete;
  ~Preparation() {
    posix_spawn_file_actions_destroy(&actions_);
    posix_spawnattr_destroy(&attributes_);
  }

  /// A group of its own, every signal as the system gives it.
  void own_group() {
    sigset_t none;
    sigset_t all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    posix_spawnattr_setpgroup(&attributes_, 0);
    posix_spawnattr_setsigmask(&attributes_, &none);
    posix_spawnattr_setsigdefault(&attributes_, &all);
  }

  /// First out of the way of the numbers that are wanted, then into their places.
  void place(const std::vector<int>& descriptors) {
    constexpr int first = 3;
    const int count = static_cast<int>(descriptors.size());
    for (int fd = 0; fd < first; ++fd) posix_spawn_file_actions_addopen(&actions_, fd, "/dev/null", O_RDWR, 0);
    for (int i = 0; i < count; ++i) {
      posix_spawn_file_actions_adddup2(&actions_, descriptors[static_cast<std::size_t>(i)], first + i);
    }
    posix_spawn_file_actions_addclosefrom_np(&actions_, first + count);
  }

  [[nodiscard]] const posix_spawn_file_actions_t* actions() const { return &actions_; }
  [[nodiscard]] const posix_spawnattr_t* attributes() const { return &attributes_; }

 private:
  posix_spawn_file_actions_t actions_{};
  posix_spawnattr_t attributes_{};
};

std::vector<char*> pointers(const std::vector<std::string>& words) {
  std::vector<char*> all;
  for (const std::string& word : words) all.push_back(const_cast<char*>(word.c_str()));
  all.push_back(nullptr);
  return all;
}

}  // namespace

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  std::swap(fd_, other.fd_);
  return *this;
}

Descriptor::~Descriptor() {
  if (fd_ >= 0) ::close(fd_);
}

Result<Process> Process::start(const std::vector<std::string>& arguments, const std::vector<std::string>& environment,
                               const std::vector<int>& descriptors) {
  constexpr int above = 32;  // so that no dup2 overwrites what another still needs
  std::vector<Descriptor> raised;
  std::vector<int> numbers;
  for (const int fd : descriptors) {
    raised.emplace_back(::fcntl(fd, F_DUPFD_CLOEXEC, above));
    if (!raised.back()) return fail(std::string("cannot start a program: ") + std::strerror(errno));
    numbers.push_back(raised.back().get());
  }
  Preparation preparation;
  preparation.own_group();
  preparation.place(numbers);
  pid_t pid = -1;
  const int error = ::posix_spawnp(&pid, arguments.front().c_str(), preparation.actions(), preparation.attributes(),
                                   pointers(arguments).data(), pointers(environment).data());
  if (error != 0) return fail(arguments.front() + ": " + std::strerror(error));
  return Process(pid);
}

Process::~Process() {
  if (pid_ <= 0) return;
  ::kill(-pid_, SIGKILL);
  while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {}
}

}  // namespace zegel::seal
