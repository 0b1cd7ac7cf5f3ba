#include "seal/base64_sink.h"

#include <algorithm>

#include "core/base64.h"

namespace zegel::seal {

namespace {

/// Whole lines: 57 octets make one. Large enough for the encoder's stride, small enough to stay in the cache.
constexpr std::size_t step = std::size_t{57} * 256;

}  // namespace

void Base64Sink::write(std::string_view bytes) {
  if (!rest_.empty()) {
    const std::size_t take = std::min(step - rest_.size(), bytes.size());
    rest_ += bytes.substr(0, take);
    bytes.remove_prefix(take);
    if (rest_.size() < step) return;
    out_ += base64::encode_lines(rest_);
    rest_.clear();
  }
  for (; bytes.size() >= step; bytes.remove_prefix(step)) out_ += base64::encode_lines(bytes.substr(0, step));
  rest_ += bytes;
}

void Base64Sink::finish() {
  out_ += base64::encode_lines(rest_);
  rest_.clear();
}

}  // namespace zegel::seal
