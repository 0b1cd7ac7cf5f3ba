#pragma once

#include <string>
#include <vector>

#include "core/result.h"
#include "seal/pgp_ring.h"

namespace zegel::seal {

/// Every key of the ring in `home`, as gpg sees it, and those that gpg cannot read, with that as their flaw. `missed`:
/// why not all, where gpg says nothing of some. Starts gpg, but for a ring without keys. Error: it cannot be read at
/// all.
[[nodiscard]] Result<std::vector<PgpKey>> list_ring(const std::string& home, std::string& missed);

}  // namespace zegel::seal
