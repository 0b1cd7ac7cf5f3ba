#pragma once

#include <string>
#include <string_view>

/// Pages of man(7).
namespace zegel::cli::roff {

/// Text that means itself; `code` in backquotes becomes bold.
[[nodiscard]] std::string text(std::string_view);

[[nodiscard]] std::string title(std::string_view page, int section, std::string_view version);
[[nodiscard]] std::string heading(std::string_view);
[[nodiscard]] std::string subheading(std::string_view);
[[nodiscard]] std::string paragraph(std::string_view);
/// A term in bold with its explanation, indented.
[[nodiscard]] std::string item(std::string_view term, std::string_view explanation);

}  // namespace zegel::cli::roff
