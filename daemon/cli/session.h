#pragma once

#include <optional>
#include <string>

#include "config/settings.h"

namespace zegel::cli {

/// What every command shares: which config, and how to answer.
struct Session {
  std::string config = "/etc/zegel/zegel.toml";
  bool json = false;
};

/// Loads the config, or prints every problem to stderr and gives nothing (exit_config). From here on root works in the
/// guise of the daemon's user (guise.h).
[[nodiscard]] std::optional<config::Settings> settings_of(const Session&);

/// `zegel: WHAT` on stderr; gives `code` back.
int complain(int code, std::string_view what);

/// A file's bytes, or stdin's for `-`; complains and gives nothing when it cannot be read (exit_no_input). At most 256
/// MB.
[[nodiscard]] std::optional<std::string> read_input(const std::string& path);

/// Writes a new file, mode 0600, durable. Throws std::runtime_error with path and reason.
void write_file(const std::string& path, std::string_view bytes);

}  // namespace zegel::cli
