#pragma once

#include <optional>
#include <string>
#include <vector>

#include "store/database.h"
#include "store/keyring.h"
#include "store/store.h"

/// Rows of `held` and their pieces.
namespace zegel::store {

/// A held message locked and ready to be written.
struct LockedHeld {
  RowId id = 0;
  HeldEntry entry;
  mail::Message message;
  Secret key;
  std::string wrapped_key = {}, details = {}, first_piece = {};
};

[[nodiscard]] LockedHeld lock_held(const Keyring&, RowId id, HeldEntry, mail::Message);
void write_held(Database&, const LockedHeld&);

struct HeldRow {
  RowId id = 0;
  HeldEntry entry;
  Secret key;
};

/// Nothing: it is not held (any more). Error: its key or details were changed.
[[nodiscard]] Result<std::optional<HeldRow>> read_held(Database&, const Keyring&, RowId id);
[[nodiscard]] Result<mail::Message> read_held_message(Database&, const HeldRow&);
bool erase_held(Database&, RowId id);  ///< false: it was not there

/// All, or those that end before `before`.
[[nodiscard]] std::vector<RowId> held_ids(Database&, std::optional<Time> before = std::nullopt);
[[nodiscard]] std::optional<RowId> held_id(Database&, std::string_view reference);

}  // namespace zegel::store
