#include "core/base64.h"

#include <algorithm>
#include <climits>
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
  const auto bad = [] { return fail("not base64"); };
  if (text.size() % 4 != 0 || text.size() > INT_MAX) return bad();
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with("=") ? 1 : 0;
  // EVP_DecodeBlock would also take blanks and '-' at the ends; only the alphabet may pass.
  const auto in_alphabet = [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '/';
  };
  if (!std::ranges::all_of(text.substr(0, text.size() - padding), in_alphabet)) return bad();
  std::string out(text.size() / 4 * 3, '\0');
  const int written =
      EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()), reinterpret_cast<const unsigned char*>(text.data()),
                      static_cast<int>(text.size()));
  if (written < 0) return bad();
  out.resize(static_cast<std::size_t>(written) - padding);
  return out;
}

}  // namespace zegel::base64
