#pragma once

#include <string>
#include <utility>
#include <vector>

#include <sys/types.h>

#include "core/result.h"

namespace zegel::seal {

/// A file descriptor that is closed when it goes.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept;
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor();
  [[nodiscard]] int get() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }

 private:
  int fd_ = -1;
};

/// A program running in a process group of its own. When this goes, the whole group is killed and its leader reaped.
class Process {
 public:
  /// `descriptors` become 3, 4, … of the program; beside them it has only /dev/null as 0, 1 and 2. Its environment is
  /// `environment` alone. Error: the system's reason.
  [[nodiscard]] static Result<Process> start(const std::vector<std::string>& arguments,
                                             const std::vector<std::string>& environment,
                                             const std::vector<int>& descriptors);
  Process(Process&& other) noexcept : pid_(std::exchange(other.pid_, -1)) {}
  Process& operator=(Process&&) = delete;
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;
  ~Process();
  [[nodiscard]] pid_t pid() const { return pid_; }

 private:
  explicit Process(pid_t pid) : pid_(pid) {}
  pid_t pid_;
};

}  // namespace zegel::seal
