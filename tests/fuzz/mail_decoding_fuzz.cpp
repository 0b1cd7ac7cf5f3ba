// Transfer encodings and character sets: any octets decode or are refused; what we encode decodes to the same.
#include <cstdint>
#include <cstdlib>

#include "core/base64.h"
#include "core/text.h"
#include "mail/charset.h"
#include "mail/octets.h"
#include "mail/survey.h"
#include "mail/transfer.h"

namespace {

using namespace zegel;

void require(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view body(reinterpret_cast<const char*>(data) + 1, size - 1);
  const mail::Survey survey(body, 998);
  const bool base64 = mail::decode_base64(body).has_value();
  require(!survey.has_clean_line_ends() || base64 == mail::is_base64_body(body, {0, body.size()}, survey));
  require(mail::decode_base64(base64::encode_lines(body)) == body);
  (void)mail::decode_quoted_printable(body);
  const std::string quoted = mail::encode_quoted_printable(body);
  require(mail::decode_quoted_printable(quoted) == body && mail::is_quoted_printable_body(quoted));
  (void)mail::decode_uuencoded(body);
  static constexpr const char* charsets[] = {"utf-8", "iso-8859-15", "iso-2022-jp", "gb18030",
                                             "utf-7", "utf-16",      "big5"};
  if (const auto text = mail::to_utf8(body, charsets[data[0] % std::size(charsets)])) require(text::is_utf8(*text));
  require(text::is_utf8(mail::as_utf8(body)));
  return 0;
}
