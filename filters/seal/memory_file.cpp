#include "seal/memory_file.h"

#include <cerrno>
#include <system_error>

#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace zegel::seal {

namespace {

[[noreturn]] void broken() { throw std::system_error(errno, std::generic_category(), "a file in memory"); }

}  // namespace

MemoryFile::MemoryFile() : file_(::memfd_create("zegel", MFD_CLOEXEC)) {
  if (!file_) broken();
}

void MemoryFile::clear() {
  if (::ftruncate(fd(), 0) != 0 || ::lseek(fd(), 0, SEEK_SET) != 0) broken();
}

void MemoryFile::write(const std::vector<std::string_view>& pieces) {
  clear();
  off_t at = 0;
  for (std::string_view piece : pieces) {
    while (!piece.empty()) {
      const ssize_t written = ::pwrite(fd(), piece.data(), piece.size(), at);
      if (written < 0 && errno == EINTR) continue;
      if (written <= 0) broken();
      at += written;
      piece.remove_prefix(static_cast<std::size_t>(written));
    }
  }
}

std::string MemoryFile::read() const {
  struct stat status{};
  if (::fstat(fd(), &status) != 0) broken();
  std::string bytes(static_cast<std::size_t>(status.st_size), '\0');
  for (std::size_t at = 0; at < bytes.size();) {
    const ssize_t got = ::pread(fd(), bytes.data() + at, bytes.size() - at, static_cast<off_t>(at));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) broken();
    at += static_cast<std::size_t>(got);
  }
  return bytes;
}

}  // namespace zegel::seal
