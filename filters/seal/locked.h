#pragma once

#include <string_view>

namespace zegel::seal {

/// Whether a file has a lock of its own that holds: nobody learns what is in it without a password. Told by its octets,
/// never by its name or type. In doubt it is not locked, and then it is treated like any other file.
///
/// Locked are: a zip whose every entry is AES encrypted, a 7z whose every stream is, a PDF with AES-256 and an Office
/// file (docx, xlsx, pptx) with AES, the last two not if an empty or generally known password opens them. ZipCrypto,
/// RC4 and what else is broken is no lock.
///
/// Reads tables of contents only; decrypts none of the contents, unpacks nothing but the table of a 7z (1 MB at most).
/// Bounded: reads each octet a few times at most. Thread-safe.
[[nodiscard]] bool is_locked(std::string_view file);

/// One for each format.
[[nodiscard]] bool is_locked_zip(std::string_view file);
[[nodiscard]] bool is_locked_7z(std::string_view file);
[[nodiscard]] bool is_locked_pdf(std::string_view file);
[[nodiscard]] bool is_locked_office(std::string_view file);

}  // namespace zegel::seal
