#include "mail/file_name.h"

#include <algorithm>
#include <array>
#include <stdexcept>

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/utf8.h>

#include "core/text.h"
#include "mail/charset.h"

namespace zegel::mail {

namespace {

constexpr std::size_t longest_extension = 16;

/// Bounds the work on absurd names before Unicode comes in; what is kept is shorter anyway.
constexpr std::size_t longest_considered = 4096;

icu::UnicodeString composed(std::string_view utf8) {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* nfc = icu::Normalizer2::getNFCInstance(status);
  if (U_FAILURE(status)) throw std::runtime_error("ICU has no normalisation data");
  const auto wide = icu::UnicodeString::fromUTF8(icu::StringPiece(utf8.data(), static_cast<std::int32_t>(utf8.size())));
  icu::UnicodeString out = nfc->normalize(wide, status);
  return U_FAILURE(status) ? wide : out;
}

bool is_continuation(std::string_view utf8) {
  return !utf8.empty() && (static_cast<unsigned char>(utf8.front()) & 0xC0) == 0x80;
}

bool is_dropped(UChar32 c) {
  constexpr UChar32 joiners[] = {0x200C, 0x200D};  // some scripts and emoji need them
  const auto category = static_cast<UCharCategory>(u_charType(c));
  if (category == U_FORMAT_CHAR) return std::ranges::find(joiners, c) == std::end(joiners);
  return category == U_CONTROL_CHAR || category == U_LINE_SEPARATOR || category == U_PARAGRAPH_SEPARATOR ||
         category == U_UNASSIGNED || category == U_SURROGATE || category == U_PRIVATE_USE_CHAR;
}

/// The end of a name, begun between characters: it is the extension that counts.
std::string_view tail(std::string_view utf8) {
  if (utf8.size() <= longest_considered) return utf8;
  utf8.remove_prefix(utf8.size() - longest_considered);
  constexpr std::size_t longest_character = 4;
  for (std::size_t i = 1; i < longest_character && is_continuation(utf8); ++i) utf8.remove_prefix(1);
  return utf8;
}

std::string cleaned(std::string_view utf8) {
  const icu::UnicodeString wide = composed(utf8);
  icu::UnicodeString kept;
  for (std::int32_t i = 0; i < wide.length(); i = wide.moveIndex32(i, 1)) {
    const UChar32 c = wide.char32At(i);
    if (is_dropped(c)) continue;
    const bool reserved = c < 128 && std::string_view("<>:\"|?*").contains(static_cast<char>(c));
    kept.append(reserved ? UChar32('_') : u_isUWhiteSpace(c) ? UChar32(' ') : c);
  }
  std::string out;
  kept.toUTF8String(out);
  return out;
}

std::string_view trimmed(std::string_view name) {
  const std::size_t begin = name.find_first_not_of(' ');
  if (begin == std::string_view::npos) return {};
  const std::size_t end = name.find_last_not_of(" .");
  return end == std::string_view::npos || end < begin ? std::string_view() : name.substr(begin, end - begin + 1);
}

/// Where the extension begins, with its dot; the size of the name when it has none.
std::size_t extension_at(std::string_view name) {
  const std::size_t dot = name.rfind('.');
  const bool has_one = dot != std::string_view::npos && dot > 0 && name.size() - dot <= longest_extension;
  return has_one ? dot : name.size();
}

/// At most `size` octets of the stem, cut between characters.
std::string shortened(std::string_view name, std::size_t size) {
  if (name.size() <= size) return std::string(name);
  const std::string_view extension = name.substr(extension_at(name));
  std::size_t end = size - extension.size();
  while (end > 0 && (static_cast<unsigned char>(name[end]) & 0xC0) == 0x80) --end;
  return std::string(trimmed(name.substr(0, end))) + std::string(extension);
}

bool is_device(std::string_view name) {
  static constexpr std::array<std::string_view, 7> devices = {"con",    "prn",    "aux",    "nul",
                                                              "clock$", "conin$", "conout$"};
  const std::string stem = text::lower(trimmed(name.substr(0, name.find('.'))));
  if (std::ranges::find(devices, stem) != devices.end()) return true;
  const bool port = stem.starts_with("com") || stem.starts_with("lpt");
  if (!port) return false;
  const std::string_view number = std::string_view(stem).substr(3);
  return (number.size() == 1 && text::is_digit(number[0])) || number == "\u00b9" || number == "\u00b2" ||
         number == "\u00b3";
}

std::string case_folded(std::string_view utf8) {
  icu::UnicodeString wide =
      icu::UnicodeString::fromUTF8(icu::StringPiece(utf8.data(), static_cast<std::int32_t>(utf8.size())));
  std::string out;
  wide.foldCase().toUTF8String(out);
  return out;
}

}  // namespace

std::string safe_file_name(std::string_view utf8) {
  const std::size_t slash = utf8.find_last_of("/\\");
  if (slash != std::string_view::npos) utf8.remove_prefix(slash + 1);
  std::string name = cleaned(as_utf8(tail(utf8)));
  name = trimmed(name);
  if (name.starts_with('.')) name.front() = '_';
  if (is_device(name)) name.insert(0, "_");
  return shortened(name, longest_file_name);
}

std::string UniqueNames::take(std::string name) {
  if (taken_.insert(case_folded(name)).second) return name;
  const std::size_t dot = extension_at(name);
  const std::string stem = name.substr(0, dot);
  const std::string extension = name.substr(dot);
  for (;;) {
    const std::string mark = " (" + std::to_string(++number_) + ")";
    std::string next = shortened(stem, longest_file_name - mark.size() - extension.size()) + mark + extension;
    if (taken_.insert(case_folded(next)).second) return next;
  }
}

std::string default_file_name(std::string_view type, std::string_view subtype, std::size_t number) {
  struct Known {
    std::string_view subtype, extension;
  };
  static constexpr std::array known = {Known{"pdf", "pdf"},     Known{"jpeg", "jpg"},        Known{"png", "png"},
                                       Known{"gif", "gif"},     Known{"html", "html"},       Known{"plain", "txt"},
                                       Known{"csv", "csv"},     Known{"calendar", "ics"},    Known{"vcard", "vcf"},
                                       Known{"x-vcard", "vcf"}, Known{"rfc822", "eml"},      Known{"global", "eml"},
                                       Known{"zip", "zip"},     Known{"xml", "xml"},         Known{"rtf", "rtf"},
                                       Known{"ms-tnef", "dat"}, Known{"vnd.ms-tnef", "dat"}, Known{"msword", "doc"}};
  const auto found = std::ranges::find(known, subtype, &Known::subtype);
  const std::string extension(found == known.end() ? (type == "text" ? "txt" : "bin") : found->extension);
  return "file-" + std::to_string(number) + "." + extension;
}

}  // namespace zegel::mail
