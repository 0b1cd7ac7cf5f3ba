#pragma once

#include <string>

#include <sys/types.h>

namespace zegel::admin {

/// Who is at the other end of a Unix socket, as the kernel says.
struct Peer {
  std::string name;  ///< the user's, or `uid 1000`
  bool allowed = false;
};

/// Root, our own user, and members of `group` are allowed.
[[nodiscard]] Peer peer_of(int socket, gid_t group);

}  // namespace zegel::admin
