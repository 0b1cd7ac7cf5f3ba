#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace zegel::smtp {

/// Reads the text of a message after DATA (RFC 5321 4.5.2): takes the stuffed dots off, finds the end, and holds the
/// framing rules. Only CRLF "." CRLF ends a message. A bare CR or LF, a NUL or a line that is too long spoils it, but
/// it is read on to its real end, so that no octet of it is ever taken for a command. Chunks may be cut anywhere.
class DotReader {
 public:
  /// What is wrong with the message, most telling first.
  enum class Fault : std::uint8_t { none, bare_cr, bare_lf, nul, long_line, too_big };

  /// `limit`: most octets that the message may have, dots unstuffed.
  explicit DotReader(std::size_t limit) : room_(limit) {}

  /// Takes octets from the front of `input` and appends the message's to `message` (nothing once there is a fault, or
  /// after discard()). Returns whether the end was met; what is left of `input` follows it.
  bool feed(std::string_view& input, std::string& message);

  [[nodiscard]] Fault fault() const { return fault_; }
  /// Keep nothing more: only the end is looked for, and faults.
  void discard() { keeping_ = false; }

 private:
  enum class At : std::uint8_t { line_start, text, cr, dot, dot_cr };

  const char* read_text(const char* from, const char* end);
  void check_segment(const char* from, const char* end);
  void keep(const char* from, const char* to, std::string& message);
  void spoil(Fault);

  std::size_t room_;
  std::size_t line_ = 0;  ///< octets of the current line so far
  At at_ = At::line_start;
  Fault fault_ = Fault::none;
  bool keeping_ = true;
};

}  // namespace zegel::smtp
