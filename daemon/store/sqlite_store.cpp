#include "store/sqlite_store.h"

#include "store/attempt.h"
#include "store/look_over.h"
#include "store/pieces.h"

namespace zegel::store {

namespace {

/// A damaged page of the database is to its rows what a changed octet is: they are set aside, the rest goes on.
template <class Read>
std::invoke_result_t<Read> read_or_fail(Read read) {
  try {
    return read();
  } catch (const Fault& fault) {
    if (fault.kind() != Fault::Kind::damaged) throw;
    return fail(fault.what());
  }
}

}  // namespace

SqliteStore::SqliteStore(File lock, const std::string& path, std::unique_ptr<Database> db, const Secret& store_key)
    : lock_(std::move(lock)),
      keyring_(store_key),
      ids_(*db),
      readers_(path),
      writer_((agenda_.load(look_over(*db, problems_)), std::move(db)), problems_, [this] { tell_due(); }) {}

void SqliteStore::submit(Submission submission, Done done) {
  auto intake = std::make_shared<Intake>(lock(keyring_, ids_, std::move(submission)));
  const std::size_t octets = intake->octets;
  writer_.put({.work = [intake](Database& db) { write(db, *intake); },
               .after = [this, intake] { remember(*intake); },
               .done = handed_on(std::move(done)),
               .octets = octets});
}

void SqliteStore::remember(const Intake& intake) {
  for (const LockedCopy& copy : intake.copies) agenda_.add({copy.copy, copy.message, copy.octets});
  if (!intake.copies.empty()) due_ = true;
}

void SqliteStore::tell_due() {
  if (!due_.exchange(false)) return;
  std::function<void()> call;
  {
    const std::lock_guard lock(on_due_mutex_);
    call = on_due_;
  }
  if (call) call();
}

void SqliteStore::on_due(std::function<void()> call) {
  const std::lock_guard lock(on_due_mutex_);
  on_due_ = std::move(call);
}

std::vector<QueuedCopy> SqliteStore::take_due(Time now, std::size_t limit) {
  std::vector<QueuedCopy> copies;
  std::optional<Readers::Lease> reader;
  const std::vector<Appointment> due = agenda_.take(now, limit);
  copies.reserve(due.size());
  for (std::size_t i = 0; i < due.size(); ++i) {
    try {
      std::optional<QueuedCopy> copy;
      if (auto fresh = agenda_.fresh(due[i].copy)) {
        copy = std::move(fresh->copy);
      } else {
        if (!reader) reader.emplace(readers_, readers_.take());
        copy = take(**reader, due[i], now);
      }
      if (copy) {
        copies.push_back(std::move(*copy));
      } else {
        agenda_.settle(due[i].copy);
      }
    } catch (...) {
      for (; i < due.size(); ++i) agenda_.give_back(due[i].copy);
      for (const QueuedCopy& copy : copies) agenda_.give_back(copy.id);
      throw;
    }
  }
  return copies;
}

/// Looks at the row: appointments may be stale.
std::optional<QueuedCopy> SqliteStore::take(Database& db, const Appointment& due, Time now) {
  auto row = read_or_fail([&] { return read_copy(db, keyring_, due.copy); });
  if (!row) {
    put_aside(due.copy, row.error().why);
    return std::nullopt;
  }
  if (!*row || (*row)->set_aside || (*row)->copy.on_hold || (*row)->copy.due > now) return std::nullopt;
  return std::move((*row)->copy);
}

void SqliteStore::put_aside(CopyId copy, const std::string& why) {
  problems_.add("copy " + std::to_string(copy) + " in the queue is damaged and was set aside: " + why);
  writer_.put({.work = [copy](Database& db) { set_aside(db, copy); }});
}

Result<seal::Sealed> SqliteStore::read(CopyId id) {
  if (auto fresh = agenda_.fresh(id)) return std::move(fresh->message);
  auto db = readers_.lease();
  auto row = read_or_fail([&] { return read_copy(*db, keyring_, id); });
  if (row && !*row) return fail("it is no longer in the queue");
  auto octets = row ? read_or_fail([&] { return read_pieces(*db, (*row)->key, id, (*row)->copy.size); })
                    : std::unexpected(row.error());
  if (!octets) {
    put_aside(id, octets.error().why);
    return std::unexpected(octets.error());
  }
  return seal::FromStore::sealed(std::move(*octets));
}

void SqliteStore::record(Attempt attempt, Done done) {
  auto notices = lock_all(std::move(attempt.notices));
  const CopyId copy = attempt.copy;
  struct State {
    Attempt attempt;
    std::optional<Time> due = {};
  };
  auto state = std::make_shared<State>(std::move(attempt));
  writer_.put({.work =
                   [this, state, notices](Database& db) {
                     state->due = write_attempt(db, keyring_, state->attempt, agenda_.fresh(state->attempt.copy));
                     for (const Intake& notice : *notices) write(db, notice);
                   },
               .after =
                   [this, state, notices, copy] {
                     agenda_.settle(copy);
                     if (state->due) {
                       agenda_.add({*state->due, copy});
                       due_ = true;
                     }
                     for (const Intake& notice : *notices) remember(notice);
                   },
               .done = handed_on(std::move(done)),
               .removes = true,
               .stubborn = true});
}

void SqliteStore::give_back(CopyId copy) {
  agenda_.give_back(copy);
  due_ = true;
  tell_due();
}

std::shared_ptr<SqliteStore::Intakes> SqliteStore::lock_all(std::vector<Submission>&& submissions) {
  auto intakes = std::make_shared<Intakes>();
  for (Submission& submission : submissions) intakes->push_back(lock(keyring_, ids_, std::move(submission)));
  return intakes;
}

}  // namespace zegel::store
