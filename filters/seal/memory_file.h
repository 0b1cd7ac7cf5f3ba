#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "seal/process.h"

namespace zegel::seal {

/// A file that has no name and no disk, to be handed to another program by its descriptor. It keeps some memory from
/// one use to the next: to take pages from the system and give them back costs more than to copy into them.
class MemoryFile {
 public:
  /// Throws std::system_error when the system has none to give.
  MemoryFile();
  [[nodiscard]] int fd() const { return file_.get(); }
  /// Replaces what is in it; the position is its beginning. Throws std::system_error.
  void write(const std::vector<std::string_view>& pieces);
  /// Overwrites what write() wrote. Throws std::system_error.
  void wipe();
  /// Sets the position to the beginning, for another to write from there. What lies in it stays. Throws
  /// std::system_error.
  void rewind();
  /// All that was written, by whomever, from the beginning to the position. Throws std::system_error.
  [[nodiscard]] std::string written() const;
  /// Gives back the memory that is not kept. Throws std::system_error.
  void shrink();

 private:
  void resize(std::size_t);

  Descriptor file_;
  std::size_t size_ = 0;  ///< of what write() wrote
};

}  // namespace zegel::seal
