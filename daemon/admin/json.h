#pragma once

#include <nlohmann/json_fwd.hpp>

#include "check/index.h"
#include "store/store.h"

/// The store's rows as the admin API and `--json` show them.
namespace zegel::admin {

[[nodiscard]] nlohmann::json to_json(const store::QueuedCopy&);
[[nodiscard]] nlohmann::json to_json(const store::HeldEntry&);
[[nodiscard]] nlohmann::json to_json(const store::AuditRow&);
[[nodiscard]] nlohmann::json to_json(const check::Entry&);

}  // namespace zegel::admin
