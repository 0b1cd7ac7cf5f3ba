#pragma once

#include <string>
#include <string_view>

#include "core/result.h"
#include "core/time.h"

/// ClamAV's daemon (clamd(8)), over TCP or a Unix socket. Blocking: call it on a worker.
namespace zegel::receive {

/// What clamd says of a message: the name of what it found, or empty. Error: it is away, too slow, or would not look
/// (larger than its StreamMaxLength, say). `clamd` is `host:port` or a socket's path; all of it within `deadline`.
[[nodiscard]] Result<std::string> scan(const std::string& clamd, std::string_view message,
                                       seconds deadline = seconds(60));

/// Whether clamd answers at all.
[[nodiscard]] Result<void> ping_clamd(const std::string& clamd, seconds deadline = seconds(5));

}  // namespace zegel::receive
