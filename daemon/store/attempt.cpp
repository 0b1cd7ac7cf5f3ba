#include "store/attempt.h"

#include <algorithm>

#include "store/people.h"
#include "store/queue_rows.h"
#include "store/trail.h"

namespace zegel::store {

namespace {

std::string_view event_of(RecipientOutcome::Kind kind) {
  switch (kind) {
    case RecipientOutcome::Kind::delivered:
      return "sent";
    case RecipientOutcome::Kind::failed:
      return "bounced";
    case RecipientOutcome::Kind::retry:
      break;
  }
  return "deferred";
}

std::string detail_of(const QueuedCopy& copy, const RecipientOutcome& outcome) {
  return "method=" + std::string(to_text(copy.method)) + " relay=" + (outcome.relay.empty() ? "none" : outcome.relay) +
         " tls=" + (outcome.tls.empty() ? "none" : outcome.tls) + " reply=" + quoted(outcome.reply);
}

void apply(Database& db, const Attempt& attempt, const RecipientOutcome& outcome, CopyRow& row) {
  QueuedCopy& copy = row.copy;
  write_event(db, row.message,
              {attempt.at, copy.reference, std::string(event_of(outcome.kind)), "", outcome.recipient.address(),
               detail_of(copy, outcome)});
  copy.last_reply = outcome.reply;
  if (outcome.kind == RecipientOutcome::Kind::retry) return;
  std::erase_if(copy.recipients, [&](const mail::Recipient& r) { return r.mailbox == outcome.recipient; });
  if (outcome.kind == RecipientOutcome::Kind::delivered && attempt.learn && !copy.notice && copy.via == Via::next_hop) {
    add_learned(db, {.address = mail::folded(outcome.recipient), .mails = 1, .last = attempt.at});
  }
}

bool settles_all(const Attempt& attempt, const QueuedCopy& copy) {
  return std::ranges::all_of(copy.recipients, [&](const mail::Recipient& to) {
    return std::ranges::any_of(attempt.outcomes, [&](const RecipientOutcome& outcome) {
      return outcome.kind != RecipientOutcome::Kind::retry && outcome.recipient == to.mailbox;
    });
  });
}

/// Everybody has an outcome, and the copy is as it was taken in: nothing has to be read or unlocked for its end.
void write_end(Database& db, const Attempt& attempt, const Agenda::Fresh& known) {
  if (!erase_copy(db, attempt.copy)) return;
  CopyRow row{.copy = known.copy, .message = known.history};
  for (const RecipientOutcome& outcome : attempt.outcomes) apply(db, attempt, outcome, row);
}

}  // namespace

std::optional<Time> write_attempt(Database& db, const Keyring& keyring, const Attempt& attempt,
                                  const std::optional<Agenda::Fresh>& known) {
  if (known && settles_all(attempt, known->copy)) {
    write_end(db, attempt, *known);
    return std::nullopt;
  }
  auto found = read_copy(db, keyring, attempt.copy);
  if (!found) {
    set_aside(db, attempt.copy);
    return std::nullopt;
  }
  if (!*found) return std::nullopt;
  CopyRow& row = **found;
  for (const RecipientOutcome& outcome : attempt.outcomes) apply(db, attempt, outcome, row);
  if (row.copy.recipients.empty()) {
    erase_copy(db, attempt.copy);
    return std::nullopt;
  }
  ++row.copy.attempts;
  row.copy.due = attempt.next_due;
  row.copy.delay_notified = row.copy.delay_notified || attempt.delay_notified;
  update_copy(db, row);
  return row.copy.due;
}

}  // namespace zegel::store
