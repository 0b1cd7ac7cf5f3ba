#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "send/resolver.h"

namespace zegel::send {

/// The hosts that take a domain's mail, or why there is none.
struct MailHosts {
  std::vector<std::string> hosts = {};
  bool permanent = false;   ///< without hosts: bounce, do not defer
  std::string status = {};  ///< RFC 3463
  std::string why = {};
};

/// Pure: RFC 5321 5.1 and RFC 7505. By preference, equal ones shuffled with `below` (uniform in [0, bound)); what is
/// not nearer than we ourselves (`own_name`) is left out, lest mail loops.
[[nodiscard]] MailHosts mail_hosts(const std::string& domain, const MxAnswer&, const std::string& own_name,
                                   const std::function<std::uint32_t(std::uint32_t)>& below);

}  // namespace zegel::send
