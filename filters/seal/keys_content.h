#pragma once

#include "seal/keys.h"
#include "seal/smime_folder.h"

namespace zegel::seal {

/// What a Keys snapshot holds; for the sealers of this room.
struct Keys::Content {
  SmimeFolder smime;
};

}  // namespace zegel::seal
