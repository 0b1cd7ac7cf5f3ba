#include "mail/charset.h"

#include <climits>

#include <unicode/ucnv.h>
#include <unicode/unistr.h>

#include "core/handle.h"
#include "core/text.h"

namespace zegel::mail {

namespace {

using Converter = Handle<UConverter, ucnv_close>;

/// Labels that senders use for more than they say, as the WHATWG's encoding standard reads them.
std::string real_name(std::string_view charset) {
  const std::string name = text::lower(text::trim(charset));
  if (name == "iso-8859-1" || name == "latin1") return "windows-1252";
  if (name == "ks_c_5601-1987" || name == "euc-kr") return "windows-949";
  if (name == "gb2312") return "gb18030";
  return name;
}

Result<std::string> converted(std::string_view bytes, const std::string& charset, bool strict) {
  UErrorCode status = U_ZERO_ERROR;
  const Converter converter(ucnv_open(charset.c_str(), &status));
  if (U_FAILURE(status)) return fail("unknown character set");
  if (strict) ucnv_setToUCallBack(converter.get(), UCNV_TO_U_CALLBACK_STOP, nullptr, nullptr, nullptr, &status);
  if (bytes.size() > INT_MAX / 4) return fail("text too long");
  const icu::UnicodeString wide(bytes.data(), static_cast<std::int32_t>(bytes.size()), converter.get(), status);
  if (U_FAILURE(status)) return fail("malformed text");
  std::string out;
  wide.toUTF8String(out);
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
