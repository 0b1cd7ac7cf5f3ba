#pragma once

#include <optional>
#include <string_view>

namespace zegel::smtp {

/// The argument of MAIL or RCPT, taken apart: `FROM:<jan@x.nl> SIZE=500`. Views into the line.
struct PathArgument {
  std::string_view path;        ///< between the angle brackets; quotes are seen through
  std::string_view parameters;  ///< what follows, without blanks at its ends
};

/// `keyword` is `FROM:` or `TO:`. One blank before the bracket is suffered. Nothing: malformed.
[[nodiscard]] std::optional<PathArgument> split_path(std::string_view argument, std::string_view keyword);

}  // namespace zegel::smtp
