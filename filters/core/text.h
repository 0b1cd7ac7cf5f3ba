#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

/// Plain ASCII text: what the C library does by locale, done by the RFCs' rules.
namespace zegel::text {

[[nodiscard]] constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }
[[nodiscard]] constexpr char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; }
[[nodiscard]] constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
[[nodiscard]] constexpr bool is_alpha(char c) { return lower(c) >= 'a' && lower(c) <= 'z'; }
[[nodiscard]] constexpr bool is_alnum(char c) { return is_digit(c) || is_alpha(c); }
/// Space or tab: the WSP of RFC 5234.
[[nodiscard]] constexpr bool is_blank(char c) { return c == ' ' || c == '\t'; }

/// Folds A–Z only; other bytes, UTF-8 among them, stay.
[[nodiscard]] std::string lower(std::string_view);
[[nodiscard]] std::string upper(std::string_view);
/// Equal but for the case of A–Z.
[[nodiscard]] bool equal_folded(std::string_view, std::string_view);
[[nodiscard]] bool starts_with_folded(std::string_view text, std::string_view prefix);
[[nodiscard]] bool is_ascii(std::string_view);
/// Well-formed UTF-8 (RFC 3629): no overlong forms, no surrogates.
[[nodiscard]] bool is_utf8(std::string_view);

/// Without spaces, tabs, CR and LF at both ends.
[[nodiscard]] std::string_view trim(std::string_view);
/// Splits at every `separator`; always one piece more than there are separators.
[[nodiscard]] std::vector<std::string_view> split(std::string_view, char separator);

/// Lower-case hexadecimal.
[[nodiscard]] std::string hex(std::string_view bytes);

/// `"50 MB"`, `"16 KB"`, `"1 GB"` or a bare number of bytes, as the config writes sizes (1 MB = 1,048,576).
/// Error: what is allowed instead.
[[nodiscard]] Result<std::uint64_t> parse_size(std::string_view);

/// The allowed word that `word` most resembles, or empty: for "unknown key `relais`; did you mean `relay`?".
[[nodiscard]] std::string_view nearest(std::string_view word, const std::vector<std::string_view>& allowed);

}  // namespace zegel::text
