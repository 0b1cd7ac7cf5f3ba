#pragma once

#include <optional>

#include "store/database.h"
#include "store/keyring.h"
#include "store/store.h"

namespace zegel::store {

/// Writes what became of a copy: who was reached goes from it, with a line of history each; the copy itself goes with
/// the last of them. When it is due again, or nothing: it is gone (or was damaged, or taken away by hand meanwhile).
std::optional<Time> write_attempt(Database&, const Keyring&, const Attempt&);

}  // namespace zegel::store
