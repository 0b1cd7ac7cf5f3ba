#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace zegel::seal {

/// The directory of a compound file ([MS-CFB]), in which old Office files lie, and new ones that are encrypted. Reads
/// foreign octets: at most 1,000 entries, and no chain of sectors twice around. The octets must outlive it.
class CompoundFile {
 public:
  struct Entry {
    std::string name;       ///< a sign beyond ASCII is `?`
    std::uint8_t kind = 0;  ///< 1: folder, 2: stream, 5: root
    std::uint32_t first = 0;
    std::uint64_t size = 0;
  };

  /// Nothing when it is none, or a broken one.
  [[nodiscard]] static std::optional<CompoundFile> open(std::string_view bytes);

  [[nodiscard]] const std::vector<Entry>& entries() const { return entries_; }
  /// A stream's octets, when there are at most `limit`.
  [[nodiscard]] std::optional<std::string> read(const Entry&, std::size_t limit) const;

 private:
  explicit CompoundFile(std::string_view bytes) : bytes_(bytes) {}
  bool read_header();
  bool read_directory();
  [[nodiscard]] std::string_view sector(std::uint32_t) const;
  [[nodiscard]] std::uint32_t next(std::uint32_t sector) const;
  [[nodiscard]] std::optional<std::string> chain(std::uint32_t first, std::uint64_t size) const;
  [[nodiscard]] std::optional<std::string> mini_chain(std::uint32_t first, std::uint64_t size) const;

  std::string_view bytes_;
  std::vector<Entry> entries_ = {};
  std::size_t sector_size_ = 512;
  std::uint32_t first_directory_ = 0, first_mini_fat_ = 0, mini_fat_sectors_ = 0;
  std::vector<std::uint32_t> fat_ = {};  ///< sectors that hold the FAT
};

}  // namespace zegel::seal
