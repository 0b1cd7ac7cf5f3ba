#pragma once

#include <cstdint>
#include <string_view>

namespace zegel::seal {

/// Little-endian numbers out of foreign octets, one after the other. Whoever reads past the end gets zeros, and a
/// `broken()` to ask for once at the end.
class Octets {
 public:
  explicit Octets(std::string_view bytes) : left_(bytes) {}

  [[nodiscard]] bool broken() const { return broken_; }
  [[nodiscard]] bool at_end() const { return left_.empty(); }
  [[nodiscard]] std::size_t size() const { return left_.size(); }

  std::string_view take(std::uint64_t size) {
    if (size > left_.size()) {
      broken_ = true;
      left_ = {};
      return {};
    }
    const std::string_view taken = left_.substr(0, size);
    left_.remove_prefix(size);
    return taken;
  }
  std::uint8_t u8() { return static_cast<std::uint8_t>(number(1)); }
  std::uint16_t u16() { return static_cast<std::uint16_t>(number(2)); }
  std::uint32_t u32() { return static_cast<std::uint32_t>(number(4)); }
  std::uint64_t u64() { return number(8); }
  /// At most 8 octets.
  std::uint64_t number(std::size_t octets) {
    std::uint64_t value = 0;
    const std::string_view bytes = take(octets);
    for (std::size_t i = bytes.size(); i-- > 0;) value = value << 8 | static_cast<std::uint8_t>(bytes[i]);
    return value;
  }

 private:
  std::string_view left_;
  bool broken_ = false;
};

/// What stands from `at` on; nothing when that is beyond the end.
[[nodiscard]] inline Octets octets_from(std::string_view bytes, std::uint64_t at) {
  return Octets(at < bytes.size() ? bytes.substr(at) : std::string_view());
}

}  // namespace zegel::seal
