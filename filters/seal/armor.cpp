#include "seal/armor.h"

#include <array>
#include <cstdint>

#include "core/base64.h"
#include "core/text.h"
#include "seal/base64_sink.h"

namespace zegel::seal::pgp {

namespace {

constexpr std::uint32_t crc_start = 0xB704CE;
constexpr std::uint32_t crc_polynomial = 0x1864CFB;
constexpr std::uint32_t crc_mask = 0xFFFFFF;

/// CRC-24 of RFC 4880 6.1, a table per octet, three octets a step.
constexpr std::array<std::uint32_t, 256> crc_table = [] {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t i = 0; i < 256; ++i) {
    std::uint32_t crc = i << 16;
    for (int bit = 0; bit < 8; ++bit) crc = crc << 1 ^ ((crc & 0x800000) != 0 ? crc_polynomial : 0);
    table[i] = crc & crc_mask;
  }
  return table;
}();

std::string checksum(std::string_view bytes) {
  std::uint32_t crc = crc_start;
  for (const char c : bytes)
    crc = (crc << 8 ^ crc_table[(crc >> 16 ^ static_cast<unsigned char>(c)) & 0xFF]) & crc_mask;
  const std::array<char, 3> raw{static_cast<char>(crc >> 16), static_cast<char>(crc >> 8), static_cast<char>(crc)};
  return "=" + base64::encode({raw.data(), raw.size()});
}

std::string_view next_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return text::trim(line);
}

/// Armour headers, up to the empty line.
void skip_headers(std::string_view& text) {
  while (!text.empty() && !next_line(text).empty()) {}
}

}  // namespace

void armor(std::string_view binary, std::string& out) {
  out += "-----BEGIN PGP MESSAGE-----\r\n\r\n";
  Base64Sink lines(out);
  lines.write(binary);
  lines.finish();
  out += "-----END PGP MESSAGE-----\r\n";
}

Result<std::string> dearmor(std::string_view text, std::string_view label) {
  std::string_view rest = text;
  std::string_view line = next_line(rest);
  while (line.empty() && !rest.empty()) line = next_line(rest);
  if (line != "-----BEGIN PGP " + std::string(label) + "-----") return fail("no PGP " + std::string(label));
  skip_headers(rest);
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
