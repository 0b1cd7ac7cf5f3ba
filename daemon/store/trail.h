#pragma once

#include <string>
#include <vector>

#include "store/database.h"
#include "store/keyring.h"
#include "store/store.h"

/// A message's history: rows of `message`, `event` and `finder`.
namespace zegel::store {

/// A row of `message`.
struct MessageRow {
  RowId id = 0;
  std::string reference;
  Time at;
  std::size_t copies = 0;
  std::string sender = {}, client = {}, tls = {}, message_id = {};
  std::optional<std::uint64_t> size = {};  ///< nothing: not a message taken in, only something to hang events on
};

void write_message(Database&, const MessageRow&);
void write_event(Database&, RowId message, const AuditRow&);

/// Messages with this reference or Message-ID, newest first.
[[nodiscard]] std::vector<MessageRow> find_messages(Database&, std::string_view reference_or_message_id);

/// All of their events, oldest first.
[[nodiscard]] std::vector<AuditRow> trace(Database&, std::string_view reference_or_message_id);

/// Removes messages older than `before` that have nothing in the queue or held, at most `limit`, from `from` on; where
/// to go on, or nothing when done: at the first that is young. One from after `now` was written by a clock that ran
/// ahead, and says nothing of those behind it.
std::optional<RowId> sweep_messages(Database&, Time before, Time now, RowId from, std::size_t limit);

/// What one step of forgetting took away, and where to go on; nothing: it was the last.
struct ForgetStep {
  std::size_t events = 0, passwords = 0;
  std::optional<RowId> next = {};
};
/// Takes `address` out of the history and the passwords of the `limit` messages behind `from`.
ForgetStep forget_in_trail(Database&, const std::string& address, RowId from, std::size_t limit);

/// `value` for logfmt: in quotes, escaped.
[[nodiscard]] std::string quoted(std::string_view value);

inline std::int64_t to_stored(Time time) { return time.time_since_epoch().count(); }
inline Time from_stored(std::int64_t ms) { return Time(milliseconds(ms)); }

}  // namespace zegel::store
