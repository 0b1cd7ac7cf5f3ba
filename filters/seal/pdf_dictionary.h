#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace zegel::seal {

/// One PDF dictionary (ISO 32000-2, 7.3), as far as finding a lock needs it: each key without its slash, and its value
/// as written but for strings, which are decoded: `Filter` to `/Standard`, `V` to `5`, `U` to its octets, `CF` to
/// `<<…>>`, `Encrypt` to `12 0 R`.
using PdfDictionary = std::map<std::string, std::string, std::less<>>;

/// Reads the dictionary that `text` begins with, after white space. Nothing when there is none, or it is broken, deeper
/// than 8 or longer than 16 KiB.
[[nodiscard]] std::optional<PdfDictionary> read_pdf_dictionary(std::string_view text);

/// The dictionary that is the object `12 0` of the file, by `12 0 R`; the last one when it was written more than once.
[[nodiscard]] std::optional<PdfDictionary> find_pdf_object(std::string_view file, std::string_view reference);

}  // namespace zegel::seal
