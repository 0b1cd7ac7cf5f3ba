#pragma once

#include <string>

namespace CLI {
class App;
}

/// The manual pages and bash's completion: written from the grammar of `zegel` and the table of the config's keys, so
/// that they cannot fall behind.
namespace zegel::cli {

[[nodiscard]] std::string manual_of_commands(const CLI::App& zegel);  ///< zegel(1)
[[nodiscard]] std::string manual_of_daemon();                         ///< zegeld(8)
[[nodiscard]] std::string manual_of_config();                         ///< zegel.toml(5)
[[nodiscard]] std::string bash_completion(const CLI::App& zegel);

/// What `zegel manual PAGE` prints: of zegel.1, zegeld.8, zegel.toml.5 and zegel.bash; empty for any other name.
[[nodiscard]] std::string manual(const CLI::App& zegel, const std::string& page);

}  // namespace zegel::cli
