#include "seal/armor.h"

#include <array>
#include <cstdint>

#include "core/base64.h"
#include "core/text.h"
#include "seal/base64_sink.h"

namespace zegel::seal::pgp {

namespace {

// CRC-24 of RFC 4880 6.1, kept in the upper 24 bits of a word so that eight octets can be folded in at a step.
constexpr std::uint32_t crc_start = 0xB704CE00;
constexpr std::uint32_t crc_polynomial = 0x864CFB00;

using Table = std::array<std::uint32_t, 256>;

/// tables[k][octet]: what an octet adds to the sum when k others follow it in the step.
constexpr std::array<Table, 8> crc_tables = [] {
  std::array<Table, 8> tables{};
  for (std::uint32_t i = 0; i < 256; ++i) {
    std::uint32_t crc = i << 24;
    for (int bit = 0; bit < 8; ++bit) crc = crc << 1 ^ ((crc & 0x80000000) != 0 ? crc_polynomial : 0);
    tables[0][i] = crc;
  }
  for (std::size_t k = 1; k < tables.size(); ++k) {
    for (std::size_t i = 0; i < 256; ++i) tables[k][i] = tables[k - 1][i] << 8 ^ tables[0][tables[k - 1][i] >> 24];
  }
  return tables;
}();

std::uint32_t word_at(std::string_view bytes, std::size_t at) {
  std::uint32_t word = 0;
  for (std::size_t i = 0; i < 4; ++i) word = word << 8 | static_cast<unsigned char>(bytes[at + i]);
  return word;
}

std::uint32_t four(std::uint32_t word, std::size_t last) {
  return crc_tables[last + 3][word >> 24] ^ crc_tables[last + 2][word >> 16 & 0xFF] ^
         crc_tables[last + 1][word >> 8 & 0xFF] ^ crc_tables[last][word & 0xFF];
}

/// Optional by the RFC, yet not left out: without it gpg 2.2 reads on into the last line when the data need no padding.
std::string checksum(std::string_view bytes) {
  std::uint32_t crc = crc_start;
  std::size_t at = 0;
  for (; at + 8 <= bytes.size(); at += 8) crc = four(crc ^ word_at(bytes, at), 4) ^ four(word_at(bytes, at + 4), 0);
  for (; at < bytes.size(); ++at) crc = crc << 8 ^ crc_tables[0][crc >> 24 ^ static_cast<unsigned char>(bytes[at])];
  const std::array<char, 3> raw{static_cast<char>(crc >> 24), static_cast<char>(crc >> 16),
                                static_cast<char>(crc >> 8)};
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
  out += checksum(binary) + "\r\n";
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
