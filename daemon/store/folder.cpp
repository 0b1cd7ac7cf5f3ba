#include "store/folder.h"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace zegel::store {

namespace {

std::string why() { return std::strerror(errno); }

std::string holder(int lock) {
  char room[16];
  const ssize_t size = ::pread(lock, room, sizeof room, 0);
  const std::string pid(room, size < 0 ? 0 : static_cast<std::size_t>(size));
  return pid.empty() ? std::string() : " (process " + pid.substr(0, pid.find('\n')) + ")";
}

}  // namespace

File::~File() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Result<void> make_folder(const std::string& dir) {
  if (::mkdir(dir.c_str(), 0700) == 0) {
    sync_folder(dir + "/..");
    return {};
  }
  if (errno != EEXIST) return fail(dir + " cannot be made: " + why());
  struct stat about{};
  if (::stat(dir.c_str(), &about) != 0) return fail(dir + " cannot be looked at: " + why());
  if (!S_ISDIR(about.st_mode)) return fail(dir + " is not a folder");
  return {};
}

Result<void> make_private_file(const std::string& path) {
  const File file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!file) return fail(path + " cannot be opened for writing: " + why());
  return {};
}

void sync_folder(const std::string& dir) {
  const File folder(::open(dir.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder) ::fsync(folder.get());
}

Result<File> lock_folder(const std::string& dir) {
  const std::string path = dir + "/zegel.lock";
  File lock(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!lock) return fail(path + " cannot be opened for writing: " + why());
  if (::flock(lock.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return fail(path + " cannot be locked: " + why());
    return fail("another zegeld" + holder(lock.get()) + " has the store in " + dir + "; one at a time");
  }
  const std::string pid = std::to_string(::getpid()) + "\n";
  // The pid is a courtesy to whoever finds the store taken.
  if (::ftruncate(lock.get(), 0) == 0 && ::pwrite(lock.get(), pid.data(), pid.size(), 0) < 0) return lock;
  return lock;
}

}  // namespace zegel::store
