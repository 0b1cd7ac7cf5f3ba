#pragma once

#include <cstdint>
#include <span>

#include "core/result.h"
#include "store/database.h"

/// What lies in zegel.db. Times are milliseconds since 1970 UTC; addresses, relays and references are in clear, content
/// never is.
///
///   meta          what this file is: `check`, locked with the store key, tells a wrong key
///   message       one row per message taken in, or merely talked about; what `trace` starts from. Ids count upwards
///   finder        from a hash of the reference or Message-ID to messages. `block` is the message's id / 4096, so that
///   new
///                 entries fall together and the millionth costs as little as the first; a look-up asks every block
///   copy          the queue. `state`: 0 ready, 1 on hold by hand, 2 set aside because damaged. `key` is the message
///   key,
///                 wrapped; `details` (envelope, method, …) are locked with it. The copies of message m have the ids
///                 m + 1 … m + m.copies
///   copy_due      what is due, and nothing else: start-up reads this index
///   held          waiting for a person; `id` is the message's
///   piece         the octets of copies and held messages, locked, 1 MB a row: id = owner's id × 4096 + number
///   event         a message's history, in order
///   learned       recipients that mail reached; folded addresses, or domains
///   confirmation  asked for, as keyed hashes only
///   password      per-message zip passwords, locked with the store key
///   agreed        agreed passwords, likewise
namespace zegel::store {

/// Rows of `finder` that fall together.
inline constexpr std::int64_t finder_block = 4096;

enum class CopyState { ready, on_hold, set_aside };

/// The index that start-up reads.
inline constexpr const char* make_copy_due = "CREATE INDEX copy_due ON copy(due) WHERE state = 0";

/// SQL. Step n brings version n to version n + 1; a step that was released is never changed.
using SchemaSteps = std::span<const char* const>;
[[nodiscard]] SchemaSteps schema_steps();

/// Makes or migrates the schema; each step is one transaction, so that a start that is cut short goes on where it was.
/// Error: made by a newer version, or not a store. Throws Fault: the step failed, and the store is as it was before it.
[[nodiscard]] Result<void> bring_up_to_date(Database&, SchemaSteps = schema_steps());

}  // namespace zegel::store
