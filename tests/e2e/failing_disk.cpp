// A disk that fails when told to, under a whole daemon: loaded before libc (LD_PRELOAD), it lets every write, sync or
// open of SQLite's below $FAILING_DISK_FOLDER fail while the file $FAILING_DISK_ORDERS says so: "write 28" (ENOSPC),
// "sync 5" (EIO).
#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/types.h>
#include <unistd.h>

namespace {

template <class F>
F real(const char* name) {
  return reinterpret_cast<F>(dlsym(RTLD_NEXT, name));
}

bool below_folder(const char* path) {
  const char* folder = std::getenv("FAILING_DISK_FOLDER");
  return folder != nullptr && path != nullptr && std::strncmp(path, folder, std::strlen(folder)) == 0;
}

bool below_folder(int descriptor) {
  char link[64];
  char path[4096] = {};
  std::snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  return readlink(link, path, sizeof path - 1) > 0 && below_folder(path);
}

/// The errno with which `what` fails now, or 0.
int ordered(const char* what) {
  const char* orders = std::getenv("FAILING_DISK_ORDERS");
  if (orders == nullptr) return 0;
  using Open = int (*)(const char*, int, ...);
  static const auto open_file = real<Open>("open");
  const int file = open_file(orders, O_RDONLY | O_CLOEXEC);
  if (file < 0) return 0;
  char words[32] = {};
  const ssize_t size = read(file, words, sizeof words - 1);
  close(file);
  const std::size_t length = std::strlen(what);
  if (size <= 0 || std::strncmp(words, what, length) != 0 || words[length] != ' ') return 0;
  return static_cast<int>(std::strtol(words + length + 1, nullptr, 10));
}

/// Sets errno when it does.
template <class File>
bool fails(const char* what, File file) {
  const int before = errno;
  const int code = below_folder(file) ? ordered(what) : 0;
  errno = code != 0 ? code : before;
  return code != 0;
}

mode_t mode_of(int flags, va_list rest) {
  return (flags & (O_CREAT | O_TMPFILE)) != 0 ? static_cast<mode_t>(va_arg(rest, unsigned)) : 0;
}

}  // namespace

extern "C" {

ssize_t pwrite64(int file, const void* from, size_t size, off64_t at) {
  static const auto call = real<ssize_t (*)(int, const void*, size_t, off64_t)>("pwrite64");
  return fails("write", file) ? -1 : call(file, from, size, at);
}

int fsync(int file) {
  static const auto call = real<int (*)(int)>("fsync");
  return fails("sync", file) ? -1 : call(file);
}

int fdatasync(int file) {
  static const auto call = real<int (*)(int)>("fdatasync");
  return fails("sync", file) ? -1 : call(file);
}

int open64(const char* path, int flags, ...) {
  static const auto call = real<int (*)(const char*, int, ...)>("open64");
  va_list rest;
  va_start(rest, flags);
  const mode_t mode = mode_of(flags, rest);
  va_end(rest);
  return fails("open", path) ? -1 : call(path, flags, mode);
}
}
