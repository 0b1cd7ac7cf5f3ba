#pragma once

#include <expected>
#include <memory>

#include "check/index.h"
#include "cli/session.h"

namespace zegel::cli {

/// All that the gateway knows now: of the running daemon, or of its files and store. Else what to exit with
/// (the complaint was printed).
[[nodiscard]] std::expected<std::shared_ptr<const check::Index>, int> known_now(const Session&,
                                                                                const config::Settings&);

}  // namespace zegel::cli
