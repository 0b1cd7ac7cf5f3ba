#pragma once

#include <expected>
#include <string>
#include <vector>

#include "config/settings.h"

namespace zegel::config {

/// One thing wrong with a config: `FILE:LINE:COL: what; how to mend it`.
struct Problem {
  Place place;
  std::string what;
  std::string mend;
  [[nodiscard]] std::string text() const { return place.text() + ": " + what + (mend.empty() ? "" : "; " + mend); }
};

/// Reads a TOML file. Either settings without a doubt, or every problem found (all at once, in the file's order):
/// unknown keys with the one meant, wrong types, words that are not allowed, missing files, missing keys.
[[nodiscard]] std::expected<Settings, std::vector<Problem>> load(const std::string& path);

/// The same for text that is not in a file; relative paths are relative to `folder`.
[[nodiscard]] std::expected<Settings, std::vector<Problem>> parse(const std::string& toml, const std::string& file,
                                                                  const std::string& folder);

}  // namespace zegel::config
