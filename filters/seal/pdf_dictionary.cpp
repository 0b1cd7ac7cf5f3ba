#include "seal/pdf_dictionary.h"

#include "core/text.h"

namespace zegel::seal {

namespace {

constexpr std::size_t longest = 16UZ * 1024;
constexpr int deepest = 8;

bool is_space(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f' || c == '\0'; }
bool is_delimiter(char c) { return std::string_view("()<>[]{}/%").contains(c); }

int hex_digit(char c) {
  const char low = text::lower(c);
  return text::is_digit(c) ? c - '0' : low >= 'a' && low <= 'f' ? low - 'a' + 10 : -1;
}

/// What is left of the text. Each reader gives what it read, or nothing.
class Reader {
 public:
  explicit Reader(std::string_view text) : left_(text.substr(0, longest)) {}

  std::optional<PdfDictionary> dictionary() {
    skip_space();
    if (!left_.starts_with("<<")) return std::nullopt;
    left_.remove_prefix(2);
    PdfDictionary out;
    while (true) {
      skip_space();
      if (left_.starts_with(">>")) return left_.remove_prefix(2), out;
      if (!left_.starts_with('/')) return std::nullopt;
      const std::string key(word().substr(1));
      auto read = value(0);
      if (!read || !out.emplace(key, std::move(*read)).second) return std::nullopt;  // twice: which one counts?
    }
  }

 private:
  void skip_space() {
    while (!left_.empty() && (is_space(left_.front()) || left_.front() == '%')) {
      const bool comment = left_.front() == '%';
      left_.remove_prefix(comment ? std::min(left_.find_first_of("\r\n"), left_.size()) : 1);
    }
  }

  /// A name or a number: up to a space or a delimiter, the first sign in any case.
  std::string_view word() {
    std::size_t size = 1;
    while (size < left_.size() && !is_space(left_[size]) && !is_delimiter(left_[size])) ++size;
    const std::string_view out = left_.substr(0, size);
    left_.remove_prefix(out.size());
    return out;
  }

  std::optional<std::string> value(int depth) {
    skip_space();
    if (left_.empty() || depth > deepest) return std::nullopt;
    if (left_.starts_with("<<")) return bracketed("<<", ">>", depth);
    if (left_.starts_with('[')) return bracketed("[", "]", depth);
    if (left_.starts_with('(')) return literal();
    if (left_.starts_with('<')) return hexadecimal();
    if (is_delimiter(left_.front()) && left_.front() != '/') return std::nullopt;
    std::string out(word());
    return text::is_digit(out.front()) ? out + reference() : out;
  }

  /// ` 0 R` behind a number.
  std::string reference() {
    const std::string_view before = left_;
    skip_space();
    if (!left_.empty() && text::is_digit(left_.front())) {
      const std::string generation(word());
      skip_space();
      if (left_.starts_with('R') && word() == "R") return " " + generation + " R";
    }
    left_ = before;
    return {};
  }

  /// As written; what is in it must be well formed.
  std::optional<std::string> bracketed(std::string_view open, std::string_view close, int depth) {
    const std::string_view from = left_;
    left_.remove_prefix(open.size());
    while (true) {
      skip_space();
      if (left_.starts_with(close)) break;
      if (!value(depth + 1)) return std::nullopt;
    }
    left_.remove_prefix(close.size());
    return std::string(from.substr(0, from.size() - left_.size()));
  }

  std::optional<std::string> hexadecimal() {
    std::string out;
    int high = -1;
    for (std::size_t i = 1; i < left_.size(); ++i) {
      const int digit = hex_digit(left_[i]);
      if (left_[i] == '>') {
        if (high >= 0) out += static_cast<char>(high * 16);
        left_.remove_prefix(i + 1);
        return out;
      }
      if (digit < 0 && !is_space(left_[i])) return std::nullopt;
      if (digit < 0) continue;
      if (high >= 0) out += static_cast<char>(high * 16 + digit);
      high = high >= 0 ? -1 : digit;
    }
    return std::nullopt;
  }

  std::optional<std::string> literal() {
    std::string out;
    left_.remove_prefix(1);
    for (int open = 1; !left_.empty();) {
      const char c = left_.front();
      left_.remove_prefix(1);
      if (c == '\\') {
        escape(out);
        continue;
      }
      open += c == '(' ? 1 : c == ')' ? -1 : 0;
      if (open == 0) return out;
      if (c == '\r' && left_.starts_with('\n')) left_.remove_prefix(1);
      out += c == '\r' ? '\n' : c;
    }
    return std::nullopt;
  }

  void escape(std::string& out) {
    if (left_.empty()) return;
    const char c = left_.front();
    int octal = 0;
    std::size_t digits = 0;
    while (digits < 3 && digits < left_.size() && left_[digits] >= '0' && left_[digits] <= '7') {
      octal = octal * 8 + left_[digits++] - '0';
    }
    if (digits > 0) return left_.remove_prefix(digits), void(out += static_cast<char>(octal));
    left_.remove_prefix(left_.starts_with("\r\n") ? 2 : 1);
    static constexpr std::string_view letters = "nrtbf";
    static constexpr std::string_view meant = "\n\r\t\b\f";
    const std::size_t at = letters.find(c);
    if (c != '\n' && c != '\r') out += at == std::string_view::npos ? c : meant[at];
  }

  std::string_view left_;
};

}  // namespace

std::optional<PdfDictionary> read_pdf_dictionary(std::string_view text) { return Reader(text).dictionary(); }

std::optional<PdfDictionary> find_pdf_object(std::string_view file, std::string_view reference) {
  if (!reference.ends_with(" R")) return std::nullopt;
  const std::string head = std::string(reference.substr(0, reference.size() - 1)) + "obj";
  for (std::size_t at = file.rfind(head); at != std::string_view::npos && at > 0; at = file.rfind(head, at - 1)) {
    if (is_space(file[at - 1])) return read_pdf_dictionary(file.substr(at + head.size()));
  }
  return std::nullopt;
}

}  // namespace zegel::seal
