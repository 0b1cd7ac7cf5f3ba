#include "store/intake.h"

#include <algorithm>

namespace zegel::store {

namespace {

QueuedCopy queued(const Submission& submission, OutgoingCopy&& copy, CopyId id) {
  return {.id = id,
          .reference = submission.reference,
          .from = copy.notice ? std::nullopt : submission.envelope.from,
          .envelope_id = submission.envelope.envelope_id,
          .recipients = std::move(copy.recipients),
          .via = copy.via,
          .method = copy.method,
          .notice = copy.notice,
          .smtputf8 = submission.envelope.smtputf8,
          .tls = copy.tls,
          .language = copy.language,
          .rule = std::move(copy.rule),
          .size = copy.message.size(),
          .received = submission.received,
          .due = submission.received,
          .client = submission.client,
          .last_reply = {}};
}

std::string joined(const std::vector<std::string>& words) {
  std::string line;
  for (const std::string& word : words) line += (line.empty() ? "" : ",") + word;
  return line;
}

void add_sealed(const Submission& submission, const OutgoingCopy& copy, std::vector<AuditRow>& events) {
  if (copy.notice) return;
  std::string detail = "method=" + std::string(to_text(copy.method)) + " rule=" + copy.rule;
  if (!copy.keys.empty()) detail += " key=" + joined(copy.keys);
  detail += " size=" + std::to_string(copy.message.size());
  for (const mail::Recipient& to : copy.recipients) {
    events.push_back({submission.received, submission.reference, "sealed", "", to.mailbox.address(), detail});
  }
}

LockedHeld lock_held_of(const Keyring& keyring, RowId id, Submission& submission) {
  HeldMessage& held = *submission.held;
  HeldEntry entry{.reference = submission.reference,
                  .envelope = submission.envelope,
                  .client = submission.client,
                  .message_id = submission.message_id,
                  .why = std::move(held.why),
                  .suggestion = std::move(held.suggestion),
                  .size = held.message.size(),
                  .received = submission.received,
                  .expires = held.expires};
  return lock_held(keyring, id, std::move(entry), std::move(held.message));
}

void add_held(const HeldEntry& held, std::vector<AuditRow>& events) {
  for (const mail::Recipient& to : held.envelope.to) {
    events.push_back({held.received, held.reference, "held", "", to.mailbox.address(), "why=" + quoted(held.why)});
  }
}

}  // namespace

Ids::Ids(Database& db) : next_(1) {
  RowId greatest = 0;
  for (const std::string_view sql : {"SELECT max(id) FROM message", "SELECT max(id) FROM copy",
                                     "SELECT max(id) FROM held", "SELECT max(id) / 4096 FROM piece"}) {
    greatest = std::max(greatest, db.number(sql).value_or(0));
  }
  next_ = greatest + 1;
}

Intake lock(const Keyring& keyring, Ids& ids, Submission&& submission, bool taken_in) {
  Intake intake;
  const RowId id = ids.next(1 + submission.copies.size());
  intake.message = {.id = id,
                    .reference = submission.reference,
                    .at = submission.received,
                    .copies = submission.copies.size(),
                    .sender = submission.envelope.from_address(),
                    .client = submission.client,
                    .tls = std::move(submission.client_tls),
                    .message_id = submission.message_id};
  if (taken_in) intake.message.size = submission.size;
  CopyId next = id;
  for (OutgoingCopy& copy : submission.copies) {
    add_sealed(submission, copy, intake.events);
    intake.octets += copy.message.size();
    seal::Sealed octets = copy.message;
    intake.copies.push_back(lock_copy(keyring, queued(submission, std::move(copy), ++next), id, std::move(octets)));
  }
  if (submission.held) {
    intake.octets += submission.held->message.size();
    intake.held = lock_held_of(keyring, id, submission);
    add_held(intake.held->entry, intake.events);
  }
  for (const MessagePassword& password : submission.passwords) {
    intake.passwords.push_back(lock_password(keyring, id, intake.passwords.size(), password));
  }
  return intake;
}

void write(Database& db, const Intake& intake) {
  write_message(db, intake.message);
  for (const LockedCopy& copy : intake.copies) write_copy(db, copy);
  if (intake.held) write_held(db, *intake.held);
  for (const LockedPassword& password : intake.passwords) write_password(db, intake.message.id, password);
  for (const AuditRow& event : intake.events) write_event(db, intake.message.id, event);
}

}  // namespace zegel::store
