#pragma once

#include <string>
#include <string_view>

namespace zegel::seal {

/// Takes octets in pieces of any size and appends them to a text as base64 lines of 76 (RFC 2045 6.8), so that no
/// second copy of a large message is ever held.
class Base64Sink {
 public:
  /// `out` must outlive this.
  explicit Base64Sink(std::string& out) : out_(out) {}
  void write(std::string_view bytes);
  /// The last, short line. Nothing may be written after it.
  void finish();

 private:
  std::string& out_;
  std::string rest_;  ///< less than one step
};

/// Characters that `size` octets come to, line ends included.
[[nodiscard]] constexpr std::size_t base64_size(std::size_t size) { return (size / 57 + 1) * 78; }

}  // namespace zegel::seal
