#include "support/fake_store.h"

#include <algorithm>
#include <utility>

namespace zegel::fake {

namespace {

/// Without passwords and a held message, which no notice has.
store::Submission plain_copy(const store::Submission& from) {
  store::Submission to;
  to.reference = from.reference;
  to.envelope = from.envelope;
  to.client = from.client;
  to.size = from.size;
  to.received = from.received;
  to.copies = from.copies;
  return to;
}

store::Attempt plain_copy(const store::Attempt& from) {
  store::Attempt to{.copy = from.copy,
                    .at = from.at,
                    .outcomes = from.outcomes,
                    .next_due = from.next_due,
                    .delay_notified = from.delay_notified,
                    .notices = {},
                    .learn = from.learn};
  for (const auto& notice : from.notices) to.notices.push_back(plain_copy(notice));
  return to;
}

}  // namespace

void FakeStore::fail_with(std::exception_ptr error) {
  const std::lock_guard lock(mutex_);
  error_ = std::move(error);
}

std::vector<store::Attempt> FakeStore::attempts() const {
  const std::lock_guard lock(mutex_);
  std::vector<store::Attempt> all;
  for (const auto& attempt : attempts_) all.push_back(plain_copy(attempt));
  return all;
}

std::vector<store::Submission> FakeStore::notices() const {
  const std::lock_guard lock(mutex_);
  std::vector<store::Submission> all;
  for (const auto& notice : notices_) all.push_back(plain_copy(notice));
  return all;
}

std::size_t FakeStore::taken() const {
  const std::lock_guard lock(mutex_);
  return static_cast<std::size_t>(std::ranges::count_if(rows_, [](const auto& row) { return row.second.taken; }));
}

void FakeStore::change(store::CopyId id, const std::function<void(store::QueuedCopy&)>& edit) {
  const std::lock_guard lock(mutex_);
  edit(rows_.at(id).copy);
}

void FakeStore::put(const store::Submission& submission) {
  for (const auto& out : submission.copies) {
    const store::CopyId id = ++last_;
    store::QueuedCopy copy;
    copy.id = id;
    copy.reference = submission.reference;
    if (!out.notice) copy.from = submission.envelope.from;
    copy.envelope_id = submission.envelope.envelope_id;
    copy.recipients = out.recipients;
    copy.via = out.via;
    copy.method = out.method;
    copy.notice = out.notice;
    copy.smtputf8 = submission.envelope.smtputf8;
    copy.tls = out.tls;
    copy.language = out.language;
    copy.rule = out.rule;
    copy.size = out.message.size();
    copy.received = submission.received;
    copy.due = submission.received;
    copy.client = submission.client;
    rows_.emplace(id, Row{std::move(copy), out.message});
  }
}

void FakeStore::tell() {
  std::function<void()> tell;
  {
    const std::lock_guard lock(mutex_);
    tell = on_due_;
  }
  if (tell) tell();
}

void FakeStore::submit(store::Submission submission, Done done) {
  std::exception_ptr error;
  {
    const std::lock_guard lock(mutex_);
    error = error_;
    if (!error) put(submission);
  }
  done(error);
  if (!error) tell();
}

std::vector<store::QueuedCopy> FakeStore::take_due(Time now, std::size_t limit) {
  const std::lock_guard lock(mutex_);
  ++questions_;
  std::vector<store::QueuedCopy> due;
  for (auto& [id, row] : rows_) {
    if (row.taken || row.copy.on_hold || row.copy.due > now || due.size() == limit) continue;
    row.taken = true;
    due.push_back(row.copy);
  }
  return due;
}

std::optional<Time> FakeStore::next_due() {
  const std::lock_guard lock(mutex_);
  ++questions_;
  std::optional<Time> first;
  for (const auto& [id, row] : rows_) {
    if (row.taken || row.copy.on_hold) continue;
    if (!first || row.copy.due < *first) first = row.copy.due;
  }
  return first;
}

Result<seal::Sealed> FakeStore::read(store::CopyId id) {
  const std::lock_guard lock(mutex_);
  ++reads_;
  const auto at = rows_.find(id);
  if (at == rows_.end()) return fail("there is no such copy");
  return at->second.message;
}

void FakeStore::apply(const store::Attempt& attempt) {
  auto& row = rows_.at(attempt.copy);
  row.taken = false;
  row.copy.due = attempt.next_due;
  row.copy.attempts += 1;
  row.copy.delay_notified = attempt.delay_notified;
  for (const auto& outcome : attempt.outcomes) {
    row.copy.last_reply = outcome.reply;
    if (outcome.kind == store::RecipientOutcome::Kind::retry) continue;
    std::erase_if(row.copy.recipients, [&](const auto& to) { return to.mailbox == outcome.recipient; });
  }
  if (row.copy.recipients.empty()) rows_.erase(attempt.copy);
}

void FakeStore::record(store::Attempt attempt, Done done) {
  std::exception_ptr error;
  const bool with_notices = !attempt.notices.empty();
  {
    const std::lock_guard lock(mutex_);
    error = error_;
    if (!error) {
      apply(attempt);
      for (const auto& notice : attempt.notices) {
        put(notice);
        notices_.push_back(plain_copy(notice));
      }
      attempts_.push_back(plain_copy(attempt));
    }
  }
  done(error);
  if (!error && with_notices) tell();
}

void FakeStore::give_back(store::CopyId id) {
  const std::lock_guard lock(mutex_);
  rows_.at(id).taken = false;
}

void FakeStore::on_due(std::function<void()> tell) {
  const std::lock_guard lock(mutex_);
  on_due_ = std::move(tell);
}

std::vector<store::QueuedCopy> FakeStore::queue(store::CopyId after, std::size_t limit) {
  const std::lock_guard lock(mutex_);
  std::vector<store::QueuedCopy> page;
  for (auto row = rows_.upper_bound(after); row != rows_.end() && page.size() < limit; ++row) {
    page.push_back(row->second.copy);
  }
  return page;
}

std::size_t FakeStore::retry_now(const std::optional<std::string>& reference, Time now) {
  std::size_t count = 0;
  {
    const std::lock_guard lock(mutex_);
    for (auto& [id, row] : rows_) {
      if (reference && row.copy.reference != *reference) continue;
      row.copy.due = now;
      ++count;
    }
  }
  tell();
  return count;
}

std::size_t FakeStore::set_on_hold(const std::string& reference, bool hold) {
  std::size_t count = 0;
  {
    const std::lock_guard lock(mutex_);
    for (auto& [id, row] : rows_) {
      if (row.copy.reference != reference) continue;
      row.copy.on_hold = hold;
      ++count;
    }
  }
  tell();
  return count;
}

std::size_t FakeStore::drop(const std::string& reference, const std::string&, Time) {
  const std::lock_guard lock(mutex_);
  return std::erase_if(rows_, [&](const auto& row) { return row.second.copy.reference == reference; });
}

void FakeStore::release(const std::string&, store::Submission submission, const std::string&, Done done) {
  submit(std::move(submission), std::move(done));
}

void FakeStore::end_held(const std::string&, const std::string&, const std::string&, std::vector<store::Submission>,
                         Time, Done done) {
  done(nullptr);
}

void FakeStore::learn(std::vector<store::LearnedRecipient>, Done done) { done(nullptr); }

store::Store::Figures FakeStore::figures() {
  const std::lock_guard lock(mutex_);
  return {.queued = rows_.size()};
}

}  // namespace zegel::fake
