#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// How single header fields of new entities are written.
namespace zegel::mail {

using Parameters = std::vector<std::pair<std::string, std::string>>;

/// `name: value` CRLF, as mimetic writes it; `value` is ASCII and folded already.
[[nodiscard]] std::string write_field(std::string_view name, std::string_view value);

/// `Content-Type: type; name="value"…` CRLF: simple values only (quotes and backslashes are taken out).
[[nodiscard]] std::string write_content_type(std::string_view type, const Parameters&);

/// `value` with CRLF before blanks, so that no line is over 76 octets where a blank allows it. `column`: where it
/// begins.
[[nodiscard]] std::string fold(std::string_view value, std::size_t column);

/// UTF-8 as RFC 2047 encoded words of at most 75 octets, joined by CRLF and a space. `column`: where the first begins.
[[nodiscard]] std::string encode_words(std::string_view utf8, std::size_t column);

/// `; filename="a.pdf"`, or per RFC 2231 (`; filename*0*=utf-8''…`) when it is not plain or too long for one line. Each
/// parameter on a line of its own.
[[nodiscard]] std::string name_parameter(std::string_view name, std::string_view utf8_value);

/// The same for readers that know no RFC 2231 (Outlook's Content-Type name): an RFC 2047 word in quotes instead.
[[nodiscard]] std::string fallback_name_parameter(std::string_view name, std::string_view utf8_value);

}  // namespace zegel::mail
