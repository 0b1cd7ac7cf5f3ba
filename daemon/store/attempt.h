#pragma once

#include <optional>

#include "store/agenda.h"
#include "store/database.h"
#include "store/keyring.h"
#include "store/store.h"

namespace zegel::store {

/// Writes what became of a copy: who was reached goes from it, with a line of history each; the copy itself goes with
/// the last of them. When it is due again, or nothing: it is gone (or was damaged, or taken away by hand meanwhile).
/// `known`: the row as it was written, where memory still has it, which saves reading it back.
std::optional<Time> write_attempt(Database&, const Keyring&, const Attempt&,
                                  const std::optional<Agenda::Fresh>& known = {});

}  // namespace zegel::store
