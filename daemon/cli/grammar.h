#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

/// A look at the grammar of `zegel`, for what is written from it.
namespace zegel::cli {

/// In the order of `--help`; hidden ones are left out.
[[nodiscard]] std::vector<const CLI::App*> visible_commands(const CLI::App&);

/// Without those that every command takes (--help, --config, --json).
[[nodiscard]] std::vector<const CLI::Option*> own_options(const CLI::App&);

/// `--file FILE`, `[--replace]`, `ADDR`.
[[nodiscard]] std::string usage(const CLI::Option&);

}  // namespace zegel::cli
