#pragma once

#include <chrono>

#include "net/stream.h"

namespace zegel::net {

/// Lets time pass, on the caller's executor.
Task<void> pause(std::chrono::milliseconds);

}  // namespace zegel::net
