#pragma once

#include "config/settings.h"

/// Whose files the commands make. Root's `zegel key import` must leave keys that the daemon, which is not root, can
/// read, and gpg's agent must be the daemon's.
namespace zegel::cli {

/// Root goes on as the owner of state.dir, when that is another; else nothing happens. Programs started from here on
/// are wholly that user's.
void become_owner(const config::Settings&);

/// For as long as it lives, root again, where root called us: to read the files that root names, or to say who asks.
class AsCaller {
 public:
  AsCaller();
  ~AsCaller();
  AsCaller(const AsCaller&) = delete;
  AsCaller& operator=(const AsCaller&) = delete;
};

/// A file that root made for the daemon: it gets its folder's group, which may read it.
void share_with_group(const std::string& path);

}  // namespace zegel::cli
