#include "smtp/path.h"

#include "core/text.h"

namespace zegel::smtp {
namespace {

/// The position of the closing bracket of a path that begins at `text[0] == '<'`, or npos.
std::size_t closing_bracket(std::string_view text) {
  bool quoted = false;
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (quoted && text[i] == '\\') {
      ++i;
    } else if (text[i] == '"') {
      quoted = !quoted;
    } else if (!quoted && text[i] == '>') {
      return i;
    } else if (!quoted && (text[i] == '<' || text::is_blank(text[i]))) {
      return std::string_view::npos;
    }
  }
  return std::string_view::npos;
}

}  // namespace

std::optional<PathArgument> split_path(std::string_view argument, std::string_view keyword) {
  if (!text::starts_with_folded(argument, keyword)) return std::nullopt;
  argument = text::trim(argument.substr(keyword.size()));
  if (argument.empty() || argument.front() != '<') return std::nullopt;
  const std::size_t end = closing_bracket(argument);
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view rest = argument.substr(end + 1);
  if (!rest.empty() && !text::is_blank(rest.front())) return std::nullopt;
  return PathArgument{argument.substr(1, end - 1), text::trim(rest)};
}

}  // namespace zegel::smtp
