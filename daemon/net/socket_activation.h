#pragma once

#include <string>
#include <vector>

namespace zegel::net {

/// A listening socket that systemd opened for us (sd_listen_fds(3)).
struct ActivatedSocket {
  int socket = -1;
  std::string name;  ///< FileDescriptorName= of the unit, or empty
};

/// Takes what was passed to this process, if anything, and clears the environment so that no child takes it too. To be
/// called before there are threads.
[[nodiscard]] std::vector<ActivatedSocket> take_activated_sockets();

}  // namespace zegel::net
