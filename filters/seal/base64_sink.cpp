#include "seal/base64_sink.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace zegel::seal {

namespace {

constexpr std::size_t line_octets = 57;
constexpr std::size_t line_size = 76 + 2;
constexpr std::size_t step = line_octets * 256;  ///< whole lines, and still in the cache

/// Two characters for twelve bits: half the look-ups of the usual table.
constexpr auto pairs = [] {
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::array<std::array<char, 2>, 4096> table{};
  for (std::size_t i = 0; i < table.size(); ++i) table[i] = {alphabet[i >> 6], alphabet[i & 63]};
  return table;
}();

/// Three octets to four characters.
void encode_triple(const unsigned char* in, char* out) {
  const std::size_t bits = static_cast<std::size_t>(in[0]) << 16 | static_cast<std::size_t>(in[1]) << 8 | in[2];
  std::memcpy(out, pairs[bits >> 12].data(), 2);
  std::memcpy(out + 2, pairs[bits & 0xFFF].data(), 2);
}

/// At most one line, without its end; answers where it stopped.
char* encode_line(std::string_view octets, char* out) {
  const auto* in = reinterpret_cast<const unsigned char*>(octets.data());
  std::size_t left = octets.size();
  for (; left >= 3; left -= 3, in += 3, out += 4) encode_triple(in, out);
  if (left == 0) return out;
  const std::array<unsigned char, 3> last{in[0], left == 2 ? in[1] : static_cast<unsigned char>(0), 0};
  encode_triple(last.data(), out);
  if (left == 1) out[2] = '=';
  out[3] = '=';
  return out + 4;
}

void append_lines(std::string& text, std::string_view octets) {
  const std::size_t before = text.size();
  const std::size_t most = before + (octets.size() + line_octets - 1) / line_octets * line_size;
  text.resize_and_overwrite(most, [&](char* begin, std::size_t) {
    char* out = begin + before;
    for (; !octets.empty(); octets.remove_prefix(std::min(octets.size(), line_octets))) {
      out = encode_line(octets.substr(0, line_octets), out);
      *out++ = '\r';
      *out++ = '\n';
    }
    return static_cast<std::size_t>(out - begin);
  });
}

}  // namespace

void Base64Sink::write(std::string_view bytes) {
  if (!rest_.empty()) {
    const std::size_t take = std::min(step - rest_.size(), bytes.size());
    rest_ += bytes.substr(0, take);
    bytes.remove_prefix(take);
    if (rest_.size() < step) return;
    append_lines(out_, rest_);
    rest_.clear();
  }
  const std::size_t whole = bytes.size() / step * step;
  append_lines(out_, bytes.substr(0, whole));
  rest_ += bytes.substr(whole);
}

void Base64Sink::finish() {
  append_lines(out_, rest_);
  rest_.clear();
}

}  // namespace zegel::seal
