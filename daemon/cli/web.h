#pragma once

#include <expected>
#include <optional>
#include <string>

#include "config/settings.h"
#include "core/result.h"

namespace zegel::cli {

/// Why nothing could be fetched.
struct NotFetched {
  std::string why;
  bool no_such_host = false;
};

/// The body of `https://HOST/PATH`, of at most 256 KB, within 20 seconds. Only from a server whose certificate holds
/// for HOST (by delivery.ca_file, else the system's authorities); redirects are not followed. `via`: connect there
/// instead.
[[nodiscard]] std::expected<std::string, NotFetched> fetch(const std::string& url, const config::Settings&,
                                                           const std::optional<config::HostPort>& via);

}  // namespace zegel::cli
