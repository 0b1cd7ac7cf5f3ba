#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

#include "cli/session.h"

namespace zegel::cli {

/// An answer of the gateway.
struct Answer {
  int exit = 0;      ///< exit_ok, or what to exit with: the complaint was printed
  std::string body;  ///< JSON, as admin/desk.h says
};

/// Asks the running daemon; where none runs, opens the store and answers with the daemon's own code. `path` has its
/// words already percent-encoded (path_of).
[[nodiscard]] Answer ask(const Session&, const std::string& method, const std::string& path,
                         const std::string& body = {});

/// `/held/7K3QX9M2TB/release` from its words, each percent-encoded.
[[nodiscard]] std::string path_of(std::initializer_list<std::string_view> words);

}  // namespace zegel::cli
