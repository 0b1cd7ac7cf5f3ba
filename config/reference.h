#pragma once

#include <map>
#include <string>
#include <vector>

/// The keys put into words, for people: all of it comes from the tables of keys.h.
namespace zegel::config {

/// One key as the docs and the man page show it.
struct Described {
  std::string section;   ///< `server`; `protect.rule` and `protect.tags` for the keys of a rule and a tag
  std::string key;       ///< `listen`
  std::string fallback;  ///< the default, as TOML in backquotes or in words; `required`
  std::string wanted;    ///< what to write
  std::string meaning;   ///< Markdown
};
[[nodiscard]] std::vector<Described> describe();

/// A whole zegel.toml with every key, its meaning and its default, commented out but for the required ones and those of
/// `answers`: from key to TOML value, `{"office.domains", R"(["klant.nl"])"}`. config/zegel.toml is sample({}).
[[nodiscard]] std::string sample(const std::map<std::string, std::string>& answers);

/// The tables of docs/configuration.md.
[[nodiscard]] std::string markdown_tables();

}  // namespace zegel::config
