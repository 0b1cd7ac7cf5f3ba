#include "mail/content.h"

#include "core/text.h"
#include "mail/charset.h"
#include "mail/octets.h"
#include "mail/transfer.h"

namespace zegel::mail {

namespace {

/// In place: texts may be big.
void make_line_ends_lf(std::string& text) {
  std::size_t size = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\r' && at + 1 < text.size() && text[at + 1] == '\n') continue;
    text[size++] = text[at];
  }
  text.resize(size);
}

bool is_coded(const Part& part) { return part.encoding >= Encoding::quoted_printable; }

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
  auto bytes = is_coded(part) ? decode(message, part) : Result<std::string>();
  if (!bytes) return bytes;
  const std::string_view octets = is_coded(part) ? std::string_view(*bytes) : message.slice(part.body);
  const std::string_view charset = part.parameter("charset");
  // Without a charset it should be us-ascii; who sends more than that means UTF-8 these days.
  auto utf8 = to_utf8(octets, charset.empty() ? "utf-8" : charset);
  if (utf8) make_line_ends_lf(*utf8);
  return utf8;
}

}  // namespace zegel::mail
