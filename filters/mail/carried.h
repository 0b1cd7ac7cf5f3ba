#pragma once

#include <string_view>

namespace zegel::mail {

/// Whether a text holds a file in itself, as some readers show it whatever MIME says: uuencoded (in both forms that
/// POSIX knows), yEnc, BinHex 4.0 (RFC 1741), or MIME parts of its own, a line of two dashes with Content-* fields
/// under it. Lenient: a text too many is better than a file that goes unseen. Time linear in the text.
[[nodiscard]] bool carries_file(std::string_view text);

}  // namespace zegel::mail
