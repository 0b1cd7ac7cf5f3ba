#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace zegel {

/// Overwrites the bytes in a way that the compiler may not drop.
void wipe(void* bytes, std::size_t size) noexcept;

/// A password or a key in memory: wiped when it goes, never printed. Copies are made by name (`clone`), not by chance.
class Secret {
 public:
  Secret() = default;
  /// Nothing of it stays in `bytes`: a short string is copied when it is moved.
  explicit Secret(std::string&& bytes) noexcept {
    bytes_.swap(bytes);
    wipe(bytes.data(), bytes.capacity());
  }
  Secret(Secret&& other) noexcept : bytes_(std::move(other.bytes_)) { other.clear(); }
  Secret& operator=(Secret&& other) noexcept;
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;
  ~Secret() { clear(); }

  [[nodiscard]] Secret clone() const { return Secret(std::string(bytes_)); }
  /// Valid as long as this object stays where it is.
  [[nodiscard]] std::string_view reveal() const { return bytes_; }
  [[nodiscard]] bool empty() const { return bytes_.empty(); }
  void clear() noexcept;

 private:
  std::string bytes_;
};

}  // namespace zegel
