#include "core/base64.h"

#include <algorithm>
#include <array>
#include <climits>
#include <cstdint>
#include <stdexcept>

#include <openssl/evp.h>

namespace zegel::base64 {

namespace {

constexpr std::size_t line_length = 76;
constexpr std::size_t line_bytes = line_length / 4 * 3;

void append(std::string& out, std::string_view bytes) {
  if (bytes.size() > INT_MAX / 2) throw std::length_error("base64: too long");
  const std::size_t at = out.size();
  out.resize(at + (bytes.size() + 2) / 3 * 4 + 1);  // EVP writes a NUL behind
  const int written =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data() + at),
                      reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
  out.resize(at + static_cast<std::size_t>(written));
}

constexpr std::uint32_t foreign = 1U << 31;  ///< the value of a character that is not of the alphabet

/// What a character says, six bits.
constexpr auto values = [] {
  std::array<std::uint32_t, 256> table{};
  table.fill(foreign);
  std::uint32_t value = 0;
  for (const char c : std::string_view("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")) {
    table[static_cast<unsigned char>(c)] = value++;
  }
  return table;
}();

/// Groups of four characters to three octets. Returns all values or-ed together: whether `foreign` was among them is
/// asked once, at the end. OpenSSL's own would also take blanks and '-', and is four times slower.
std::uint32_t decode_groups(std::string_view text, char* out) {
  std::uint32_t seen = 0;
  for (std::size_t at = 0; at < text.size(); at += 4) {
    const auto value = [&](std::size_t i) { return values[static_cast<unsigned char>(text[at + i])]; };
    const std::uint32_t a = value(0), b = value(1), c = value(2), d = value(3);
    seen |= a | b | c | d;
    const std::uint32_t group = a << 18 | b << 12 | c << 6 | d;
    *out++ = static_cast<char>(group >> 16);
    *out++ = static_cast<char>(group >> 8);
    *out++ = static_cast<char>(group);
  }
  return seen;
}

std::string without_blanks(std::string_view text) {
  std::string packed(text.size(), '\0');
  std::size_t size = 0;
  for (const char c : text) {
    packed[size] = c;
    size += c != '\n' && c != '\r' && c != ' ' && c != '\t' ? 1 : 0;
  }
  packed.resize(size);
  return packed;
}

}  // namespace

std::string encode(std::string_view bytes) {
  std::string out;
  append(out, bytes);
  return out;
}

std::string encode_lines(std::string_view bytes) {
  std::string out;
  out.reserve((bytes.size() / line_bytes + 1) * (line_length + 2) + 1);
  for (std::size_t at = 0; at < bytes.size(); at += line_bytes) {
    append(out, bytes.substr(at, line_bytes));
    out += "\r\n";
  }
  return out;
}

Result<std::string> decode(std::string_view text) {
  if (text.size() % 4 != 0) return fail("not base64");
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with("=") ? 1 : 0;
  std::string whole;  // the last four characters with zero bits for the padding
  if (padding > 0) whole.assign(text.substr(text.size() - 4, 4 - padding)).append(padding, 'A');
  std::string out(text.size() / 4 * 3, '\0');
  std::uint32_t seen = decode_groups(text.substr(0, text.size() - whole.size()), out.data());
  seen |= decode_groups(whole, out.data() + out.size() - whole.size() / 4 * 3);
  if ((seen & foreign) != 0) return fail("not base64");
  out.resize(out.size() - padding);
  return out;
}

Result<std::string> decode_lines(std::string_view text) {
  std::string out(text.size() / 4 * 3, '\0');
  std::size_t size = 0;
  std::size_t at = 0;
  std::uint32_t seen = 0;
  while (at < text.size()) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    std::string_view line = text.substr(at, end - at);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.size() % 4 != 0 || line.ends_with('=')) break;  // the last line, or an unusual one
    seen |= decode_groups(line, out.data() + size);
    size += line.size() / 4 * 3;
    at = end + 1;
  }
  if ((seen & foreign) != 0) return decode(without_blanks(text));
  auto rest = decode(without_blanks(text.substr(std::min(at, text.size()))));
  if (!rest) return rest;
  out.resize(size);
  return out += *rest;
}

}  // namespace zegel::base64
