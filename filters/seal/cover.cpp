#include "seal/cover.h"

#include <algorithm>
#include <array>
#include <optional>

#include "core/text.h"

namespace zegel::seal {

namespace {

constexpr std::size_t text_limit = 16UZ * 1024;
constexpr std::size_t line_limit = 500;
constexpr std::size_t value_limit = 100;
constexpr std::size_t columns = 72;
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";  // as Windows' Notepad saves

constexpr std::array<std::string_view, 5> placeholders = {"zip", "padding", "sender", "phone", "reference"};
constexpr std::array<std::string_view, 6> conditions = {"if phone",     "if no phone", "if sender",
                                                        "if no sender", "if beside",   "if no beside"};

bool has(const auto& words, std::string_view word) { return std::ranges::find(words, word) != std::end(words); }

std::optional<CoverFlaw> flaw_at(std::size_t at, std::string what) { return CoverFlaw{1, at + 1, std::move(what)}; }

/// What is wrong with what a brace at `at` begins, up to the brace at `end`.
std::optional<CoverFlaw> placeholder_flaw(std::string_view line, std::size_t at, std::size_t end) {
  if (line[at] == '}' || end == std::string_view::npos) return flaw_at(at, "a brace has no fellow; write one or none");
  const std::string_view name = line.substr(at + 1, end - at - 1);
  const std::string shown = "{" + std::string(name) + "}";
  const bool condition = has(conditions, name);
  if (condition && at != 0) return flaw_at(at, shown + " must stand at the start of the line; move it there");
  if (condition || has(placeholders, name)) return std::nullopt;
  return flaw_at(at, "unknown placeholder " + shown +
                         "; there are {zip}, {padding}, {sender}, {phone} and {reference}, and at the start of a line "
                         "{if phone}, {if sender}, {if beside} and {if no ...}");
}

/// What is wrong with one line.
std::optional<CoverFlaw> line_flaw(std::string_view line) {
  if (line.size() > line_limit) return flaw_at(line_limit, "the line is longer than 500 octets; make two of it");
  if (!text::is_utf8(line)) return flaw_at(0, "the line is not UTF-8; save the file as UTF-8");
  const auto control =
      std::ranges::find_if(line, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 0x7F; });
  if (control != line.end()) {
    return flaw_at(static_cast<std::size_t>(control - line.begin()), "a tab or another control character; take it out");
  }
  const std::string folded = text::lower(line);
  for (const std::string_view link : {"://", "www."}) {
    const std::size_t at = folded.find(link);
    if (at != std::string::npos)
      return flaw_at(at, "a cover text has no links: recipients learn not to click; take it out");
  }
  for (std::size_t at = 0; (at = line.find_first_of("{}", at)) != std::string_view::npos;) {
    const std::size_t end = line.find('}', at);
    if (auto flaw = placeholder_flaw(line, at, end)) return flaw;
    at = end + 1;
  }
  return std::nullopt;
}

/// A name from a header on one line of ours: no control characters, no line or bidi marks, bounded.
std::string cleaned(std::string_view value) {
  std::string result;
  for (std::size_t i = 0; i < value.size() && result.size() < value_limit; ++i) {
    const auto octet = static_cast<unsigned char>(value[i]);
    // U+2028–202E and U+2066–2069: line separators, embeddings, overrides, isolates
    const bool mark = octet == 0xE2 && i + 2 < value.size() &&
                      ((value[i + 1] == '\x80' && value[i + 2] >= '\xA8' && value[i + 2] <= '\xAE') ||
                       (value[i + 1] == '\x81' && value[i + 2] >= '\xA6' && value[i + 2] <= '\xA9'));
    if (mark) i += 2;
    if (!mark && octet >= ' ' && octet != 0x7F) result += value[i];
  }
  while (!text::is_utf8(result)) result.pop_back();
  return result;
}

std::size_t width(std::string_view utf8) {
  return static_cast<std::size_t>(
      std::ranges::count_if(utf8, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

/// Words of one paragraph in lines of at most 72 columns; a list item's later lines are indented.
void wrap(std::string_view line, std::string& out) {
  const std::string_view indent = line.starts_with("- ") ? "  " : "";
  std::size_t used = 0;
  for (const std::string_view word : text::split(line, ' ')) {
    const std::size_t wide = width(word);
    if (used > 0 && used + 1 + wide > columns) {
      out.append("\n").append(indent);
      used = indent.size();
    } else if (used > 0) {
      out += ' ';
      ++used;
    }
    out += word;
    used += wide;
  }
  out += '\n';
}

std::string filled(std::string_view line, const ZipWords& words, const CoverFacts& facts) {
  std::string result;
  while (true) {
    const std::size_t open = line.find('{');
    result += line.substr(0, open);
    if (open == std::string_view::npos) return result;
    const std::size_t close = line.find('}', open);
    const std::string_view name = line.substr(open + 1, close - open - 1);
    if (name == "zip") result += words.zip;
    if (name == "padding") result += words.padding;
    if (name == "sender") result += cleaned(facts.sender);
    if (name == "phone") result += cleaned(facts.phone);
    if (name == "reference") result += cleaned(facts.reference);
    line.remove_prefix(close + 1);
  }
}

/// Whether the line stays; takes its condition off.
bool stays(std::string_view& line, const CoverFacts& facts) {
  for (const std::string_view condition : conditions) {
    const std::string mark = "{" + std::string(condition) + "}";
    if (!line.starts_with(mark)) continue;
    line.remove_prefix(mark.size());
    const bool given = condition.ends_with("beside")  ? facts.beside
                       : condition.ends_with("phone") ? !facts.phone.empty()
                                                      : !facts.sender.empty();
    return given != condition.contains(" no ");
  }
  return true;
}

}  // namespace

std::expected<CoverTemplate, CoverFlaw> CoverTemplate::parse(std::string_view text) {
  if (text.size() > text_limit) return std::unexpected(CoverFlaw{1, 1, "more than 16 KB; make it shorter"});
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  std::string lines(text);
  std::erase(lines, '\r');
  std::size_t number = 0;
  for (const std::string_view line : text::split(lines, '\n')) {
    ++number;
    if (auto flaw = line_flaw(line)) {
      flaw->line = number;
      return std::unexpected(std::move(*flaw));
    }
  }
  if (!lines.contains("{zip}"))
    return std::unexpected(
        CoverFlaw{1, 1, "the text does not say which file to open; write {zip} where its name belongs"});
  return CoverTemplate(std::move(lines));
}

std::string CoverTemplate::render(Language language, const CoverFacts& facts) const {
  std::string result;
  for (std::string_view line : text::split(text_, '\n')) {
    if (stays(line, facts)) wrap(filled(line, zip_words(language), facts), result);
  }
  while (result.ends_with("\n\n")) result.pop_back();
  return result;
}

}  // namespace zegel::seal
