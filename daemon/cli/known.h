#pragma once

#include <memory>
#include <optional>

#include "check/index.h"
#include "cli/session.h"

namespace zegel::cli {

/// All that the gateway knows now: of the running daemon, or of its files and store. Nothing when neither can be asked
/// (the complaint was printed).
[[nodiscard]] std::optional<std::shared_ptr<const check::Index>> known_now(const Session&, const config::Settings&);

}  // namespace zegel::cli
