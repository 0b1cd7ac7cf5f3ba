#include "mail/content.h"

#include "core/text.h"
#include "mail/charset.h"
#include "mail/octets.h"
#include "mail/transfer.h"

namespace zegel::mail {

namespace {

std::string with_lf(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t crlf = text.find("\r\n", at);
    out.append(text, at, crlf - at);
    if (crlf == std::string_view::npos) break;
    out += '\n';
    at = crlf + 2;
  }
  return out;
}

}  // namespace

Result<std::string> decode(const Message& message, const Part& part) {
  const std::string_view body = message.slice(part.body);
  switch (part.encoding) {
    case Encoding::base64:
      return decode_base64(body);
    case Encoding::quoted_printable:
      return decode_quoted_printable(body);
    case Encoding::uuencode:
      return decode_uuencoded(body);
    case Encoding::bit7:
    case Encoding::bit8:
    case Encoding::binary:
      break;
  }
  return std::string(body);
}

Result<std::string> decode_text(const Message& message, const Part& part) {
  auto bytes = decode(message, part);
  if (!bytes) return bytes;
  const std::string_view charset = part.parameter("charset");
  // Without a charset it should be us-ascii; who sends more than that means UTF-8 these days.
  auto utf8 = to_utf8(*bytes, charset.empty() ? "utf-8" : charset);
  if (!utf8) return utf8;
  return with_lf(*utf8);
}

}  // namespace zegel::mail
