#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "smtp/dot_reader.h"

namespace {

using Fault = zegel::smtp::DotReader::Fault;

struct Read {
  bool ended = false;
  bool sound = false;
  std::string message, rest;
};

/// The slow and obvious way: the end is the first CRLF.CRLF of the text with a CRLF before it.
Read obviously(std::string_view bytes) {
  const std::string text = "\r\n" + std::string(bytes);
  const std::size_t end = text.find("\r\n.\r\n");
  if (end == std::string::npos) return {};
  Read out;
  out.ended = out.sound = true;
  out.rest = text.substr(end + 5);
  std::string_view left = std::string_view(text).substr(2, end);  // up to and with the last line's CRLF
  if (end == 0) left = {};
  while (!left.empty()) {
    std::string_view line = left.substr(0, left.find("\r\n"));
    left.remove_prefix(line.size() + 2);
    if (line.starts_with('.')) line.remove_prefix(1);
    if (line.size() > 998 || line.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos)
      out.sound = false;
    out.message += std::string(line) + "\r\n";
  }
  return out;
}

Read by_reader(std::string_view bytes, std::size_t piece) {
  zegel::smtp::DotReader reader(1 << 20);
  Read out;
  while (!bytes.empty() && !out.ended) {
    std::string_view chunk = bytes.substr(0, piece);
    bytes.remove_prefix(chunk.size());
    out.ended = reader.feed(chunk, out.message);
    out.rest = chunk;
  }
  out.rest += bytes;
  out.sound = reader.fault() == Fault::none;
  return out;
}

}  // namespace

// The first octet says how the rest is cut. Both ways must agree on the end, on soundness, and on the message.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const Read wanted = obviously(bytes);
  const Read got = by_reader(bytes, data[0] == 0 ? bytes.size() + 1 : data[0]);
  if (got.ended != wanted.ended) std::abort();
  if (!wanted.ended) return 0;
  if (got.sound != wanted.sound || got.rest != wanted.rest) std::abort();
  if (got.sound && got.message != wanted.message) std::abort();
  return 0;
}
