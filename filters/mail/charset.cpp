#include "mail/charset.h"

#include <algorithm>
#include <array>

#include <unicode/ucnv.h>

#include "core/handle.h"
#include "core/text.h"

namespace zegel::mail {

namespace {

using Converter = Handle<UConverter, ucnv_close>;

constexpr std::size_t longest_name = 40;

/// Labels that senders use for more than they say, as the WHATWG's encoding standard reads them.
std::string real_name(std::string_view charset) {
  const std::string name = text::lower(text::trim(charset));
  if (name == "iso-8859-1" || name == "latin1") return "windows-1252";
  if (name == "ks_c_5601-1987" || name == "euc-kr") return "windows-949";
  if (name == "gb2312") return "gb18030";
  return name;
}

/// ICU would take a name that it does not know for a file's, and a comma for options.
bool is_known(const std::string& charset) {
  const auto fits = [](char c) {
    return text::is_alnum(c) || c == '-' || c == '_' || c == '.' || c == ':' || c == '+';
  };
  if (charset.empty() || charset.size() > longest_name || !std::ranges::all_of(charset, fits)) return false;
  UErrorCode status = U_ZERO_ERROR;
  return ucnv_countAliases(charset.c_str(), &status) > 0 && U_SUCCESS(status);
}

/// Piece by piece, so that a big text takes no more memory than what it becomes.
Result<std::string> converted(std::string_view bytes, const std::string& charset, bool strict) {
  if (!is_known(charset)) return fail("unknown character set");
  UErrorCode status = U_ZERO_ERROR;
  const Converter from(ucnv_open(charset.c_str(), &status));
  const Converter to(ucnv_open("utf-8", &status));
  if (U_FAILURE(status)) return fail("unknown character set");
  if (strict) ucnv_setToUCallBack(from.get(), UCNV_TO_U_CALLBACK_STOP, nullptr, nullptr, nullptr, &status);
  std::array<UChar, 4096> pivot;
  std::array<char, 16384> piece;
  UChar* pivot_begin = pivot.data();
  UChar* pivot_end = pivot.data();
  const char* source = bytes.data();
  std::string out;
  out.reserve(bytes.size() + bytes.size() / 8);  // what Western text comes to
  bool first = true;
  do {
    status = U_ZERO_ERROR;
    char* target = piece.data();
    ucnv_convertEx(to.get(), from.get(), &target, piece.data() + piece.size(), &source, bytes.data() + bytes.size(),
                   pivot.data(), &pivot_begin, &pivot_end, pivot.data() + pivot.size(), first ? 1 : 0, 1, &status);
    out.append(piece.data(), target);
    first = false;
  } while (status == U_BUFFER_OVERFLOW_ERROR);
  if (U_FAILURE(status)) return fail("malformed text");
  return out;
}

}  // namespace

Result<std::string> to_utf8(std::string_view bytes, std::string_view charset) {
  const std::string name = real_name(charset);
  if (name.empty() || name == "us-ascii" || name == "ascii" || name == "ansi_x3.4-1968") {
    if (!text::is_ascii(bytes)) return fail("octets over 127 in us-ascii text");
    return std::string(bytes);
  }
  if (name == "utf-8" || name == "utf8") {
    if (!text::is_utf8(bytes)) return fail("malformed UTF-8");
    return std::string(bytes);
  }
  return converted(bytes, name, true);
}

std::string as_utf8(std::string_view bytes) {
  if (text::is_utf8(bytes)) return std::string(bytes);
  return converted(bytes, "windows-1252", false).value_or(std::string());
}

}  // namespace zegel::mail
