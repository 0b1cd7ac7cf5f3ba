#include <array>

#include "mail/transfer.h"

namespace zegel::mail {

namespace {

constexpr std::size_t longest_line = 76;
constexpr std::string_view digits = "0123456789ABCDEF";

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

/// Past blanks from `at`.
std::size_t skip_blanks(std::string_view text, std::size_t at) {
  while (at < text.size() && (text[at] == ' ' || text[at] == '\t')) ++at;
  return at;
}

/// How many octets the line end at `at` has; 0 where there is none. The end of the text counts as one of 0 octets.
bool at_line_end(std::string_view text, std::size_t at) {
  return at >= text.size() || text[at] == '\n' || (text[at] == '\r' && at + 1 < text.size() && text[at + 1] == '\n');
}

std::size_t past_line_end(std::string_view text, std::size_t at) {
  if (at >= text.size()) return text.size();
  return at + (text[at] == '\r' ? 2 : 1);
}

/// Writes one line's octets, with soft breaks.
class LineWriter {
 public:
  explicit LineWriter(std::string& out) : out_(out) {}

  void literal(char c) {
    make_room(1);
    out_ += c;
    ++column_;
  }
  void escaped(char c) {
    make_room(3);
    const auto byte = static_cast<unsigned char>(c);
    out_ += '=';
    out_ += digits[byte >> 4];
    out_ += digits[byte & 15];
    column_ += 3;
  }
  void line_end() {
    out_ += "\r\n";
    column_ = 0;
  }
  /// Whether the next character comes to stand at the begin of a line.
  [[nodiscard]] bool at_begin() const { return column_ == 0 || !has_room(1); }

 private:
  [[nodiscard]] bool has_room(std::size_t size) const { return column_ + size <= longest_line - 1; }  // one for the "="
  void make_room(std::size_t size) {
    if (has_room(size)) return;
    out_ += "=\r\n";
    column_ = 0;
  }
  std::string& out_;
  std::size_t column_ = 0;
};

bool must_escape(std::string_view text, std::size_t at, bool at_begin) {
  const char c = text[at];
  if (c == ' ' || c == '\t') return at_line_end(text, at + 1);
  if (c == '=' || c < '!' || c > '~') return true;
  const std::string_view rest = text.substr(at);
  return at_begin && (c == '.' || rest.starts_with("From ") || rest.starts_with("--"));
}

}  // namespace

Result<std::string> decode_quoted_printable(std::string_view body) {
  std::string out;
  out.reserve(body.size());
  for (std::size_t at = 0; at < body.size();) {
    const std::size_t plain = std::min(body.find_first_of("= \t", at), body.size());
    out.append(body, at, plain - at);
    at = plain;
    if (at == body.size()) break;
    const std::size_t after_blanks = skip_blanks(body, at);
    if (body[at] != '=') {
      // Blanks at the end of a line are a relay's doing (RFC 2045 6.7 rule 3).
      if (!at_line_end(body, after_blanks)) out.append(body, at, after_blanks - at);
      at = after_blanks;
      continue;
    }
    const std::size_t soft = skip_blanks(body, at + 1);
    if (at_line_end(body, soft)) {
      at = past_line_end(body, soft);
      continue;
    }
    const int high = at + 1 < body.size() ? hex_value(body[at + 1]) : -1;
    const int low = at + 2 < body.size() ? hex_value(body[at + 2]) : -1;
    if (high < 0 || low < 0) return fail("not quoted-printable: a bare \"=\"");
    out += static_cast<char>(high * 16 + low);
    at += 3;
  }
  return out;
}

std::string encode_quoted_printable(std::string_view text) {
  std::string out;
  out.reserve(text.size() + text.size() / 8);
  LineWriter line(out);
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\r' && at + 1 < text.size() && text[at + 1] == '\n') {
      line.line_end();
      ++at;
    } else if (must_escape(text, at, line.at_begin())) {
      line.escaped(text[at]);
    } else {
      line.literal(text[at]);
    }
  }
  return out;
}

}  // namespace zegel::mail
