#include "seal/memory_file.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace zegel::seal {

namespace {

/// Octets that stay: more than all but a few mails have, and little beside what a process takes.
constexpr std::size_t kept = std::size_t{4} << 20;

[[noreturn]] void broken() { throw std::system_error(errno, std::generic_category(), "a file in memory"); }

void write_at(int fd, off_t at, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::pwrite(fd, bytes.data(), bytes.size(), at);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) broken();
    at += written;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
}

off_t seek(int fd, off_t offset, int whence) {
  const off_t at = ::lseek(fd, offset, whence);
  if (at < 0) broken();
  return at;
}

}  // namespace

MemoryFile::MemoryFile() : file_(::memfd_create("zegel", MFD_CLOEXEC)) {
  if (!file_) broken();
}

void MemoryFile::resize(std::size_t size) {
  if (::ftruncate(fd(), static_cast<off_t>(size)) != 0) broken();
}

void MemoryFile::rewind() { seek(fd(), 0, SEEK_SET); }

void MemoryFile::write(const std::vector<std::string_view>& pieces) {
  std::size_t at = 0;
  for (const std::string_view piece : pieces) {
    write_at(fd(), static_cast<off_t>(at), piece);
    at += piece.size();
  }
  resize(at);
  size_ = at;
  rewind();
}

void MemoryFile::wipe() {
  static constexpr std::array<char, std::size_t{64} * 1024> nothing{};
  for (std::size_t at = 0; at < size_; at += nothing.size()) {
    write_at(fd(), static_cast<off_t>(at), {nothing.data(), std::min(nothing.size(), size_ - at)});
  }
  size_ = 0;
  shrink();
}

void MemoryFile::shrink() {
  struct stat status{};
  if (::fstat(fd(), &status) != 0) broken();
  if (static_cast<std::size_t>(status.st_size) > kept) resize(kept);
}

std::string MemoryFile::written() const {
  const auto size = static_cast<std::size_t>(seek(fd(), 0, SEEK_CUR));
  std::string bytes;
  bytes.resize_and_overwrite(size, [&](char* into, std::size_t) {
    std::size_t at = 0;
    while (at < size) {
      const ssize_t got = ::pread(fd(), into + at, size - at, static_cast<off_t>(at));
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) break;
      at += static_cast<std::size_t>(got);
    }
    return at;
  });
  if (bytes.size() != size) broken();
  return bytes;
}

}  // namespace zegel::seal
