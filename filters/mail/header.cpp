#include "mail/header.h"

#include <algorithm>
#include <array>

#include "core/text.h"

namespace zegel::mail {

namespace {

/// Where the line that begins at `at` ends, its line end included.
std::size_t line_end(std::string_view text, std::size_t at) {
  const std::size_t lf = text.find('\n', at);
  return lf == std::string_view::npos ? text.size() : lf + 1;
}

/// Where the field that begins at `at` ends: its first line and every line after it that begins with a blank.
std::size_t field_end(std::string_view header, std::size_t at) {
  std::size_t end = line_end(header, at);
  while (end < header.size() && text::is_blank(header[end])) end = line_end(header, end);
  return end;
}

/// The name before the colon (RFC 5322 2.2; blanks before the colon as in 4.5.8 are let go), or empty when the line
/// is not a field.
std::string_view name_of(std::string_view raw) {
  const std::size_t colon = raw.find(':');
  if (colon == std::string_view::npos) return {};
  std::string_view name = raw.substr(0, colon);
  while (!name.empty() && text::is_blank(name.back())) name.remove_suffix(1);
  const bool printable = std::ranges::all_of(name, [](char c) { return c > ' ' && c < '\x7f'; });
  return printable ? name : std::string_view();
}

bool stays_outside(const Field& field) {
  static constexpr std::array<std::string_view, 12> names = {
      "From",       "Sender",      "To",         "Cc",      "Reply-To",       "Date",
      "Message-ID", "In-Reply-To", "References", "Subject", "Auto-Submitted", "Received"};
  return text::starts_with_folded(field.name, "List-") ||
         std::ranges::any_of(names, [&](auto name) { return text::equal_folded(name, field.name); });
}

}  // namespace

std::string Field::value() const {
  const std::size_t colon = raw.find(':');
  const std::string_view rest = text::trim(raw.substr(colon == std::string_view::npos ? raw.size() : colon + 1));
  std::string out;
  out.reserve(rest.size());
  std::ranges::copy_if(rest, std::back_inserter(out), [](char c) { return c != '\r' && c != '\n'; });
  return out;
}

std::vector<Field> fields(std::string_view header) {
  std::vector<Field> out;
  out.reserve(16);
  for (std::size_t at = 0; at < header.size();) {
    const std::size_t end = field_end(header, at);
    const std::string_view raw = header.substr(at, end - at);
    out.push_back({name_of(raw), raw});
    at = end;
  }
  return out;
}

std::vector<Field> find(std::string_view header, std::string_view name) {
  auto all = fields(header);
  std::erase_if(all, [&](const Field& field) { return !text::equal_folded(field.name, name); });
  return all;
}

std::string without(std::string_view header, const std::function<bool(const Field&)>& drop) {
  std::string out;
  out.reserve(header.size());
  for (const Field& field : fields(header)) {
    if (!drop(field)) out += field.raw;
  }
  return out;
}

std::string replaced(std::string_view header, std::string_view name, std::string_view field) {
  std::string out;
  out.reserve(header.size() + field.size());
  for (const Field& old : fields(header)) out += text::equal_folded(old.name, name) ? field : old.raw;
  return out;
}

std::string outer_fields(std::string_view header) {
  std::string out = without(header, [](const Field& field) { return !stays_outside(field); });
  if (!out.empty() && !out.ends_with("\r\n")) out += "\r\n";
  return out;
}

}  // namespace zegel::mail
