#pragma once

#include <memory>

#include "config/settings.h"
#include "seal/keys.h"
#include "seal/sealer.h"

namespace zegel::receive {

/// Everything that a message is judged and sealed with. Immutable; a reload puts a new one in its place, and a message
/// in work keeps the one it began with.
struct Snapshot {
  std::shared_ptr<const config::Settings> settings;
  std::shared_ptr<const seal::Keys> keys;
  std::shared_ptr<const seal::Sealer> sealer;
};

}  // namespace zegel::receive
