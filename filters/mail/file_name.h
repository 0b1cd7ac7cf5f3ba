#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <string_view>

namespace zegel::mail {

inline constexpr std::size_t longest_file_name = 120;  ///< octets

/// A name that does no harm on Windows, macOS and Linux: the last component only, NFC, no control, direction or
/// reserved characters (`<>:"|?*`), no dot or blank at the ends, none of Windows' devices (CON, COM1, …), at most 120
/// octets with the extension kept. May come out empty.
[[nodiscard]] std::string safe_file_name(std::string_view utf8);

/// Names of one message, none twice in the eyes of a system that folds case.
class UniqueNames {
 public:
  /// The name, or `name (2).ext`.
  [[nodiscard]] std::string take(std::string name);

 private:
  std::set<std::string> taken_;  ///< folded
  std::size_t number_ = 1;
};

/// What a nameless leaf of that type is called: `file-3.pdf`.
[[nodiscard]] std::string default_file_name(std::string_view type, std::string_view subtype, std::size_t number);

}  // namespace zegel::mail
