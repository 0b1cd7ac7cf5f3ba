#pragma once

#include "config/settings.h"

namespace zegel::cli {

/// Tells a running daemon to load keys and lists again; says so on stderr where there is none (that is no error).
void nudge_daemon(const config::Settings&);

}  // namespace zegel::cli
