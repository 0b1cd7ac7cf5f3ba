#pragma once

#include <string>
#include <string_view>

namespace zegel::seal {

/// The header with `tag` (any case) taken off its Subject, and blanks where it stood made one; every other octet as it
/// was. Without the tag, or without a subject: the header as it is.
[[nodiscard]] std::string without_tag(std::string_view header, std::string_view tag);

/// The header with this Subject in the place of its own.
[[nodiscard]] std::string with_subject(std::string_view header, std::string_view utf8_subject);

/// The Subject, decoded; empty when there is none.
[[nodiscard]] std::string subject_of(std::string_view header);

}  // namespace zegel::seal
