#include "admin/peer.h"

#include <algorithm>
#include <vector>

#include <pwd.h>
#include <sys/socket.h>
#include <unistd.h>

namespace zegel::admin {

namespace {

std::string user_name(uid_t uid) {
  char buffer[4'096];
  passwd entry{};
  passwd* found = nullptr;
  getpwuid_r(uid, &entry, buffer, sizeof buffer, &found);
  return found != nullptr ? found->pw_name : "uid " + std::to_string(uid);
}

/// The supplementary groups too: `adduser piet zegel` is how an administrator gives access.
bool belongs_to(int socket, gid_t group) {
  constexpr std::size_t most_groups = 65'536;  // the kernel's own limit
  std::vector<gid_t> groups(64);
  socklen_t size = static_cast<socklen_t>(groups.size() * sizeof(gid_t));
  int answer = getsockopt(socket, SOL_SOCKET, SO_PEERGROUPS, groups.data(), &size);
  if (answer != 0 && size / sizeof(gid_t) <= most_groups) {  // too small: `size` is now what it takes
    groups.resize(size / sizeof(gid_t));
    answer = getsockopt(socket, SOL_SOCKET, SO_PEERGROUPS, groups.data(), &size);
  }
  if (answer != 0) return false;
  groups.resize(size / sizeof(gid_t));
  return std::ranges::find(groups, group) != groups.end();
}

}  // namespace

Peer peer_of(int socket, gid_t group) {
  ucred credentials{};
  socklen_t size = sizeof credentials;
  if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0) return {"unknown", false};
  const bool allowed =
      credentials.uid == 0 || credentials.uid == geteuid() || credentials.gid == group || belongs_to(socket, group);
  return {user_name(credentials.uid), allowed};
}

}  // namespace zegel::admin
