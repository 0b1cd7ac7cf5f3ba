#pragma once

#include <memory>
#include <string>
#include <vector>

#include "config/settings.h"

namespace zegel {

/// The composition root: builds every room of the daemon and owns them all, in the order in which a message meets them.
class Gateway {
 public:
  /// Opens the store, loads keys and recipients. Throws std::runtime_error with what is wrong and how to mend it.
  /// `version` is told to those who read the figures.
  Gateway(config::Settings, std::string version);
  ~Gateway();
  Gateway(const Gateway&) = delete;
  Gateway& operator=(const Gateway&) = delete;

  /// Binds and serves until SIGTERM or SIGINT, then finishes what is in work. SIGHUP reloads: all or nothing. Throws as
  /// the constructor when an address cannot be bound.
  void run();

 private:
  struct Rooms;
  std::unique_ptr<Rooms> rooms_;
};

}  // namespace zegel
