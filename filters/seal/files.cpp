#include "seal/files.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

#include <fcntl.h>
#include <unistd.h>

#include "core/random.h"
#include "core/text.h"

namespace zegel::seal {

namespace fs = std::filesystem;

namespace {

std::unexpected<Error> system_failure(const std::string& path) { return fail(path + ": " + std::strerror(errno)); }

struct Descriptor {
  explicit Descriptor(int opened) : fd(opened) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd >= 0) ::close(fd);
  }
  int fd;
};

bool write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

Result<void> sync_folder(const std::string& folder) {
  const Descriptor holder(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (holder.fd < 0 || ::fsync(holder.fd) != 0) return system_failure(folder);
  return {};
}

std::vector<std::string> nothing() { return {}; }

}  // namespace

std::vector<std::string> files_in(const std::string& folder) { return list_files(folder).value_or(nothing()); }

Result<std::vector<std::string>> list_files(const std::string& folder) {
  std::vector<std::string> files;
  std::error_code error;
  if (folder.empty()) return files;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    std::error_code gone;
    if (entry->is_regular_file(gone) && !entry->path().filename().string().starts_with('.')) {
      files.push_back(entry->path().string());
    }
  }
  if (error && error != std::errc::no_such_file_or_directory) return fail(folder + ": " + error.message());
  std::ranges::sort(files);
  return files;
}

Result<std::string> read_file(const std::string& path, std::uintmax_t most_bytes) {
  std::error_code error;
  const std::uintmax_t size = fs::file_size(path, error);
  if (error) return fail(path + ": " + error.message());
  if (size > most_bytes) return fail(path + ": too large");
  std::ifstream in(path, std::ios::binary);
  std::string bytes(std::istreambuf_iterator<char>(in), {});
  if (!in.is_open() || in.bad()) return fail(path + ": cannot be read");
  return bytes;
}

std::string problem_in(const std::string& file, std::string_view what, std::string_view mend) {
  const std::string named = file + ": ";  // as the system's reasons begin
  if (what.starts_with(named)) what.remove_prefix(named.size());
  return file + ":1:1: " + std::string(what) + "; " + std::string(mend);
}

Result<void> write_file(const std::string& path, std::string_view bytes, unsigned mode) {
  const std::string folder = fs::path(path).parent_path().string();
  std::error_code error;
  if (fs::create_directories(folder, error)) fs::permissions(folder, fs::perms(0750), error);
  const std::string beside = folder + "/." + text::hex(random_bytes(8)) + ".new";
  {
    const Descriptor file(::open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode));
    if (file.fd < 0) return system_failure(beside);
    if (!write_all(file.fd, bytes) || ::fsync(file.fd) != 0) {
      auto failure = system_failure(beside);
      ::unlink(beside.c_str());
      return failure;
    }
  }
  if (::rename(beside.c_str(), path.c_str()) != 0) {
    auto failure = system_failure(path);
    ::unlink(beside.c_str());
    return failure;
  }
  return sync_folder(folder);
}

Result<void> sync_file(const std::string& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.fd < 0 && errno == ENOENT) return {};
  if (file.fd < 0 || ::fsync(file.fd) != 0) return system_failure(path);
  return sync_folder(fs::path(path).parent_path().string());
}

}  // namespace zegel::seal
