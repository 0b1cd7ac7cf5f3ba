#pragma once

#include <expected>
#include <optional>
#include <string>

#include "config/settings.h"
#include "core/result.h"
#include "core/time.h"
#include "seal/web_key.h"

namespace zegel::cli {

/// The body of `https://HOST/PATH`, of at most 256 KB, within `longest`. Only from a server whose certificate holds
/// for HOST (by delivery.ca_file, else the system's authorities); redirects are not followed. `via`: connect there
/// instead.
[[nodiscard]] std::expected<std::string, seal::NotFetched> fetch(const std::string& url, const config::Settings&,
                                                                 const std::optional<config::HostPort>& via,
                                                                 seconds longest = seconds(20));

}  // namespace zegel::cli
