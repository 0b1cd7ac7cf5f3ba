#pragma once

#include <atomic>
#include <optional>
#include <vector>

#include "store/held_rows.h"
#include "store/people.h"
#include "store/queue_rows.h"
#include "store/trail.h"

namespace zegel::store {

/// Row ids, counting upwards through every run of the daemon. Thread-safe.
class Ids {
 public:
  /// Goes on after the greatest that lies in the database.
  explicit Ids(Database&);
  /// The first of `count`.
  RowId next(std::size_t count) { return next_.fetch_add(static_cast<RowId>(count)); }

 private:
  std::atomic<RowId> next_;
};

/// A submission with ids and keys, locked: what the writer has to write and nothing more to think about.
struct Intake {
  MessageRow message;
  std::vector<LockedCopy> copies;
  std::optional<LockedHeld> held;
  std::vector<LockedPassword> passwords;
  std::vector<AuditRow> events;
  std::size_t octets = 0;
};

/// On the caller's thread: the costly part. `taken_in`: false when it was received before (a release).
[[nodiscard]] Intake lock(const Keyring&, Ids&, Submission&&, bool taken_in = true);

void write(Database&, const Intake&);

}  // namespace zegel::store
