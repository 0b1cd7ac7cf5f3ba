#pragma once

#include <string>
#include <utility>

#include "core/result.h"

/// The store's folder on the disk, and who may use it.
namespace zegel::store {

/// Owns a file descriptor.
class File {
 public:
  explicit File(int descriptor = -1) : descriptor_(descriptor) {}
  File(File&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  File& operator=(File&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File();
  explicit operator bool() const { return descriptor_ >= 0; }
  [[nodiscard]] int get() const { return descriptor_; }

 private:
  int descriptor_;
};

/// Makes `dir` (0700) when it is not there. Error: it cannot be made, or is not a folder.
[[nodiscard]] Result<void> make_folder(const std::string& dir);

/// Makes an empty file (0600) when it is not there, so that SQLite's files have that mode too.
[[nodiscard]] Result<void> make_private_file(const std::string& path);

/// Makes what was created in `dir` survive a power cut. Best effort.
void sync_folder(const std::string& dir);

/// Takes `dir`/zegel.lock, for as long as the File lives. Error: another process has it.
[[nodiscard]] Result<File> lock_folder(const std::string& dir);

}  // namespace zegel::store
