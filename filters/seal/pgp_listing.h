#pragma once

#include <string>
#include <vector>

#include "core/result.h"
#include "seal/pgp_ring.h"

namespace zegel::seal {

/// Every key of the ring in `home`, as gpg sees it, and those that gpg cannot read, with that as their flaw. To
/// `problems`: keys of which gpg says nothing. Starts gpg. Error: the ring cannot be read at all.
[[nodiscard]] Result<std::vector<PgpKey>> list_ring(const std::string& home, std::vector<std::string>& problems);

}  // namespace zegel::seal
