#pragma once

#include <optional>

#include "seal/keys.h"
#include "seal/pgp_ring.h"
#include "seal/smime_folder.h"
#include "seal/trust.h"

namespace zegel::seal {

/// What a Keys snapshot holds; for the sealers of this room.
struct Keys::Content {
  SmimeFolder smime;
  PgpRing pgp;
  std::optional<TrustJudge> authorities;
};

}  // namespace zegel::seal
