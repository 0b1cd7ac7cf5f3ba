#pragma once

#include <string>

#include "core/result.h"
#include "metrics/meters.h"
#include "receive/snapshot.h"
#include "store/store.h"

/// What a person, or time, decides about held messages. Each waits until the store has it; call them off the I/O
/// threads.
namespace zegel::receive {

/// Sends it on from where it was held: decided and sealed now, by the policy and keys in force, without the doubt that
/// held it (docs/decisions/0040-release.md); passwords are handed over and the sender is told. Error: no such message,
/// or it cannot be sealed (it then stays held).
[[nodiscard]] Result<void> release_held(store::Store&, metrics::Meters&, const Snapshot&, const std::string& reference,
                                        const std::string& who, Time now);

/// Ends it and tells the sender. `event` is "refused" (by a person) or "expired". Error: no such message.
[[nodiscard]] Result<void> end_held(store::Store&, metrics::Meters&, const Snapshot&, const std::string& reference,
                                    const std::string& event, const std::string& who, Time now);

/// Ends everything that is past retention.held. Gives how many.
std::size_t expire_held(store::Store&, metrics::Meters&, const Snapshot&, Time now);

}  // namespace zegel::receive
