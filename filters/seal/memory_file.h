#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "seal/process.h"

namespace zegel::seal {

/// A file that has no name and no disk, to be handed to another program by its descriptor.
class MemoryFile {
 public:
  /// Throws std::system_error when the system has none to give.
  MemoryFile();
  [[nodiscard]] int fd() const { return file_.get(); }
  /// Replaces what is in it; the position is its beginning. Throws std::system_error.
  void write(const std::vector<std::string_view>& pieces);
  /// All that is in it. Throws std::system_error.
  [[nodiscard]] std::string read() const;
  /// Gives its memory back.
  void clear();

 private:
  Descriptor file_;
};

}  // namespace zegel::seal
