#pragma once

#include <vector>

#include "config/key.h"
#include "config/settings.h"

/// Every key of the config, once. The loader, the shipped zegel.toml, docs/configuration.md and the man page all come
/// from these tables: a new key is a member in settings.h and one entry in keys.cpp.
namespace zegel::config {

/// Section by section, in the order of the docs.
[[nodiscard]] const std::vector<Key<Settings>>& keys();
[[nodiscard]] const std::vector<Key<Rule>>& rule_keys();
[[nodiscard]] const std::vector<Key<Tag>>& tag_keys();

}  // namespace zegel::config
