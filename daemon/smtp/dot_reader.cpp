#include "smtp/dot_reader.h"

#include <cstring>

namespace zegel::smtp {
namespace {

constexpr std::size_t longest_line = 998;  // RFC 5321 4.5.3.1.6, without CRLF

const char* find(const char* from, const char* end, char c) {
  return static_cast<const char*>(std::memchr(from, c, static_cast<std::size_t>(end - from)));
}

}  // namespace

bool DotReader::feed(std::string_view& input, std::string& message) {
  const char* at = input.data();
  const char* const end = at + input.size();
  const char* run = at;  // not yet kept
  bool ended = false;
  while (at != end && !ended) {
    switch (at_) {
      case At::line_start:
        line_ = 0;
        at_ = *at == '.' ? At::dot : At::text;
        if (at_ == At::dot) {
          keep(run, at, message);
          run = ++at;
        }
        break;
      case At::text:
        at = read_text(at, end);
        break;
      case At::cr:
        at_ = *at == '\n' ? At::line_start : At::text;
        if (at_ == At::line_start) {
          ++at;
        } else {
          spoil(Fault::bare_cr);
        }
        break;
      case At::dot:
        at_ = *at == '\r' ? At::dot_cr : At::text;
        if (at_ == At::dot_cr) run = ++at;
        break;
      case At::dot_cr:
        ended = *at == '\n';
        if (ended) {
          run = ++at;
        } else {
          spoil(Fault::bare_cr);
        }
        at_ = ended ? At::line_start : At::text;
        break;
    }
  }
  keep(run, at, message);
  input.remove_prefix(static_cast<std::size_t>(at - input.data()));
  return ended;
}

/// Reads up to the end of the line, or of what there is.
const char* DotReader::read_text(const char* from, const char* end) {
  const char* const newline = find(from, end, '\n');
  const char* const stop = newline != nullptr ? newline : end;
  check_segment(from, stop);
  const bool after_cr = stop != from && stop[-1] == '\r';
  if (newline == nullptr) {
    at_ = after_cr ? At::cr : At::text;
    return end;
  }
  if (!after_cr) spoil(Fault::bare_lf);
  at_ = after_cr ? At::line_start : At::text;
  return newline + 1;
}

/// [from, end) lies within one line; a CR as its last octet may be that of its CRLF.
void DotReader::check_segment(const char* from, const char* end) {
  if ((fault_ != Fault::none && fault_ != Fault::too_big) || from == end) return;
  if (find(from, end, '\0') != nullptr) return spoil(Fault::nul);
  const char* const cr = find(from, end, '\r');
  if (cr != nullptr && cr + 1 != end) return spoil(Fault::bare_cr);
  line_ += static_cast<std::size_t>((cr != nullptr ? cr : end) - from);
  if (line_ > longest_line) spoil(Fault::long_line);
}

void DotReader::keep(const char* from, const char* to, std::string& message) {
  const auto octets = static_cast<std::size_t>(to - from);
  if (!keeping_ || fault_ != Fault::none) return;
  if (octets > room_) return spoil(Fault::too_big);
  room_ -= octets;
  message.append(from, octets);
}

void DotReader::spoil(Fault fault) {
  // How the lines end matters more than how many there are.
  if (fault_ == Fault::none || fault_ == Fault::too_big) fault_ = fault;
}

}  // namespace zegel::smtp
