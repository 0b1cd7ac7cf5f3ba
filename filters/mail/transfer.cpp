#include "mail/transfer.h"

#include <algorithm>

#include "core/base64.h"

namespace zegel::mail {

namespace {

constexpr std::size_t chunk_size = 64 * 1024;  // of characters: small enough for the cache, a multiple of 4

/// Takes characters as they come and decodes them a chunk at a time, so that a big body is not copied as a whole.
class Decoder {
 public:
  explicit Decoder(std::size_t body_size) {
    out_.reserve(body_size / 4 * 3 + 3);
    chunk_.reserve(chunk_size);
  }

  /// False: not base64.
  [[nodiscard]] bool add(std::string_view characters) {
    while (!characters.empty()) {
      const std::string_view taken = characters.substr(0, chunk_size - chunk_.size());
      chunk_ += taken;
      characters.remove_prefix(taken.size());
      if (chunk_.size() == chunk_size && !flush()) return false;
    }
    return true;
  }

  [[nodiscard]] bool flush() {
    if (chunk_.empty()) return true;
    const auto bytes = base64::decode(chunk_);
    if (!bytes || ended_) return false;
    ended_ = chunk_.ends_with('=');
    out_ += *bytes;
    chunk_.clear();
    return true;
  }

  [[nodiscard]] std::string take() { return std::move(out_); }

 private:
  std::string out_;
  std::string chunk_;
  bool ended_ = false;  ///< padding was seen: nothing may follow
};

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

/// A line with blanks between its characters, which nobody writes.
bool add_blanked(Decoder& decoder, std::string_view line) {
  std::string characters;
  std::ranges::copy_if(line, std::back_inserter(characters), [](char c) { return !is_blank(c); });
  return decoder.add(characters);
}

}  // namespace

Result<std::string> decode_base64(std::string_view body) {
  Decoder decoder(body.size());
  for (std::size_t at = 0; at < body.size();) {
    const std::size_t end = std::min(body.find('\n', at), body.size());
    std::string_view line = body.substr(at, end - at);
    while (!line.empty() && is_blank(line.back())) line.remove_suffix(1);
    const bool blanked = line.find_first_of(" \t\r") != std::string_view::npos;
    if (!(blanked ? add_blanked(decoder, line) : decoder.add(line))) return fail("not base64");
    at = end + 1;
  }
  if (!decoder.flush()) return fail("not base64");
  return decoder.take();
}

}  // namespace zegel::mail
