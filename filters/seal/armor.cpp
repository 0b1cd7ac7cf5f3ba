#include "seal/armor.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "core/base64.h"
#include "core/text.h"
#include "seal/base64_sink.h"
#include "seal/crc24.h"

namespace zegel::seal::pgp {

namespace {

/// Optional by the RFC, yet not left out: without it gpg 2.2 reads on into the last line when the data need no padding.
std::string checksum(std::string_view bytes) {
  const std::uint32_t crc = crc24(bytes);
  const std::array<char, 3> raw{static_cast<char>(crc >> 16), static_cast<char>(crc >> 8), static_cast<char>(crc)};
  return "=" + base64::encode({raw.data(), raw.size()});
}

std::string_view next_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return text::trim(line);
}

/// RFC 4880 6.2. Whatever else stands there is read by whoever looks at the mail.
bool is_known_header(std::string_view line) {
  constexpr std::array<std::string_view, 5> known{"Version:", "Comment:", "MessageID:", "Hash:", "Charset:"};
  return std::ranges::any_of(known, [&](std::string_view name) { return line.starts_with(name); });
}

/// Armour headers, up to the empty line. False: there are others than known ones.
bool skip_headers(std::string_view& text) {
  bool known = true;
  while (!text.empty()) {
    const std::string_view line = next_line(text);
    if (line.empty()) break;
    known = known && is_known_header(line);
  }
  return known;
}

}  // namespace

void armor(std::string_view binary, std::string& out) {
  out += "-----BEGIN PGP MESSAGE-----\r\n\r\n";
  Base64Sink lines(out);
  lines.write(binary);
  lines.finish();
  out += checksum(binary) + "\r\n";
  out += "-----END PGP MESSAGE-----\r\n";
}

Result<std::string> dearmor(std::string_view text, std::string_view label) {
  std::string_view rest = text;
  std::string_view line = next_line(rest);
  while (line.empty() && !rest.empty()) line = next_line(rest);
  if (line != "-----BEGIN PGP " + std::string(label) + "-----") return fail("no PGP " + std::string(label));
  if (!skip_headers(rest) && label == "MESSAGE") return fail("a PGP message with words before it");
  std::string digits;
  std::string_view sum;
  for (line = next_line(rest); !line.starts_with("-----"); line = next_line(rest)) {
    if (rest.empty()) return fail("a PGP block without an end");
    if (line.starts_with('=')) {
      sum = line;
    } else {
      digits += line;
    }
  }
  if (line != "-----END PGP " + std::string(label) + "-----" || !text::trim(rest).empty()) {
    return fail("a PGP block that is not alone");
  }
  auto bytes = base64::decode(digits);
  if (bytes && !sum.empty() && sum != checksum(*bytes)) return fail("a PGP block with a wrong checksum");
  return bytes;
}

}  // namespace zegel::seal::pgp
