#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "send/transaction.h"
#include "store/store.h"

namespace zegel::send {

/// What the transaction must know of a copy's octets.
[[nodiscard]] Letter letter_for(const store::QueuedCopy&, std::vector<mail::Recipient>, std::string_view message);

}  // namespace zegel::send
