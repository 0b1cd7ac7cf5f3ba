#include "core/secret_file.h"

#include <cerrno>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace zegel {

namespace {

constexpr off_t most_bytes = off_t{16} << 20;

class Descriptor {
 public:
  explicit Descriptor(const std::string& path) : fd_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  [[nodiscard]] int get() const { return fd_; }

 private:
  int fd_;
};

}  // namespace

Result<Secret> read_secret(const std::string& path) {
  const auto failure = [&] { return fail(path + ": " + std::strerror(errno)); };
  const Descriptor file(path);
  struct stat about{};
  if (file.get() < 0 || ::fstat(file.get(), &about) != 0) return failure();
  if (S_ISDIR(about.st_mode)) return fail(path + ": it is a folder");
  if (about.st_size > most_bytes) return fail(path + ": too large");
  std::string bytes(static_cast<std::size_t>(about.st_size), '\0');
  std::size_t have = 0;
  while (have < bytes.size()) {
    const ssize_t got = ::read(file.get(), bytes.data() + have, bytes.size() - have);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return failure();
    if (got == 0) break;
    have += static_cast<std::size_t>(got);
  }
  bytes.resize(have);
  return Secret(std::move(bytes));
}

}  // namespace zegel
