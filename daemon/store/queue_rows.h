#pragma once

#include <optional>
#include <string>
#include <vector>

#include "store/agenda.h"
#include "store/database.h"
#include "store/keyring.h"
#include "store/store.h"

/// Rows of `copy` and their pieces.
namespace zegel::store {

/// A copy locked and ready to be written.
struct LockedCopy {
  QueuedCopy copy;
  RowId message = 0;
  seal::Sealed octets;
  Secret key;
  std::string wrapped_key, details, first_piece;
};

[[nodiscard]] LockedCopy lock_copy(const Keyring&, QueuedCopy, RowId message, seal::Sealed);
void write_copy(Database&, const LockedCopy&);

/// A copy as it lies in the queue.
struct CopyRow {
  QueuedCopy copy;
  RowId message = 0;
  bool set_aside = false;
  Secret key = {};
};

/// Nothing: there is no such copy. Error: its key or details were changed.
[[nodiscard]] Result<std::optional<CopyRow>> read_copy(Database&, const Keyring&, CopyId);

/// Writes back what an attempt changed: recipients, due, attempts, last reply, the delay notice.
void update_copy(Database&, const CopyRow&);
/// False: there is no such copy.
bool erase_copy(Database&, CopyId);
void set_aside(Database&, CopyId);

/// Up to `limit` ids behind `after`, in order.
[[nodiscard]] std::vector<CopyId> copy_ids(Database&, CopyId after, std::size_t limit);
/// Those of one message.
[[nodiscard]] std::vector<CopyId> copy_ids(Database&, std::string_view reference);

/// Reads the index of what is due.
[[nodiscard]] std::vector<Appointment> appointments(Database&);

}  // namespace zegel::store
