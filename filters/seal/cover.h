#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "core/terms.h"

namespace zegel::seal {

/// The names that a recipient sees, in his language. None says anything about the message.
struct ZipWords {
  std::string_view zip;      ///< the attached file: `bijlagen.zip`
  std::string_view inner;    ///< its one entry: `bijlagen-inhoud.zip`
  std::string_view padding;  ///< what hides the size: `opvulling.bin`
  std::string_view body;     ///< `bericht`, to which `.html`, `.txt` or `.eml` is added
  std::string_view image;    ///< `afbeelding`, to which `-1.png` is added
};
[[nodiscard]] const ZipWords& zip_words(Language);

/// What stands in a cover text. Empty values are allowed.
struct CoverFacts {
  std::string sender;     ///< as the recipient knows him: display name, else address
  std::string phone;      ///< office.phone
  std::string reference;  ///< REF
  bool beside = false;    ///< attachments that were locked already go beside the zip
};

/// What is wrong with a template, and where; both numbers begin at 1.
struct CoverFlaw {
  std::size_t line = 1;
  std::size_t column = 1;  ///< in octets
  std::string what;        ///< and how to mend it
};

/// A cover text with its gaps: `{zip}`, `{padding}`, `{sender}`, `{phone}`, `{reference}`. A line that begins with
/// `{if phone}` or `{if no phone}` (or sender, or beside) is left out when that is not so, the mark itself always.
class CoverTemplate {
 public:
  /// LF or CRLF ends. Error: an unknown placeholder, a brace without its fellow, a link, a line of more than 500
  /// octets, octets that are not UTF-8, a text of more than 16 KB, or one that does not name `{zip}`.
  [[nodiscard]] static std::expected<CoverTemplate, CoverFlaw> parse(std::string_view text);

  /// Plain text, LF ends, wrapped at 72 columns, no links. Facts are freed of control characters.
  [[nodiscard]] std::string render(Language, const CoverFacts&) const;

 private:
  explicit CoverTemplate(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

/// The texts that are shipped: how to open the zip on Windows, macOS and a phone, that the password is never mailed,
/// whom to phone. `method` is zip_attachments or zip.
[[nodiscard]] const CoverTemplate& cover_template(Language, Method method);

}  // namespace zegel::seal
