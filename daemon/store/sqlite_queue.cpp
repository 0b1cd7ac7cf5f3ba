// The queue and the held messages, by hand.
#include "store/schema.h"
#include "store/sqlite_store.h"

namespace zegel::store {

namespace {

constexpr std::size_t retry_step = 2'000;

/// The caller asked for something that is not there (any more).
std::runtime_error not_held(const std::string& reference) {
  return std::runtime_error(reference + " is not held (any more)");
}

AuditRow decision(const std::string& reference, const std::string& event, const std::string& who, Time now) {
  return {now, reference, event, who, "", ""};
}

}  // namespace

std::vector<QueuedCopy> SqliteStore::queue(CopyId after, std::size_t limit) {
  auto db = readers_.lease();
  std::vector<QueuedCopy> copies;
  std::vector<CopyId> ids;
  do {
    ids = copy_ids(*db, after, limit - copies.size());
    for (const CopyId id : ids) {
      after = id;
      auto row = read_copy(*db, keyring_, id);
      if (!row) {
        put_aside(id, row.error().why);
      } else if (*row && !(*row)->set_aside) {
        copies.push_back(std::move((*row)->copy));
      }
    }
  } while (!ids.empty() && copies.size() < limit);
  return copies;
}

std::size_t SqliteStore::retry_now(const std::optional<std::string>& reference, Time now) {
  if (reference) return make_due([&](Database& db) { return copy_ids(db, *reference); }, now);
  // In steps, so that mail goes on in between.
  std::size_t changed = 0;
  CopyId after = 0;
  for (std::vector<CopyId> ids; !(ids = copy_ids(*readers_.lease(), after, retry_step)).empty(); after = ids.back()) {
    changed += make_due([&](Database&) { return ids; }, now);
  }
  return changed;
}

std::size_t SqliteStore::make_due(const std::function<std::vector<CopyId>(Database&)>& which, Time now) {
  const auto work = [&](Database& db) {
    std::vector<CopyId> changed;
    for (const CopyId id : which(db)) {
      if (db.run("UPDATE copy SET due = min(due, ?) WHERE id = ? AND state = 0", to_stored(now), id) > 0) {
        changed.push_back(id);
      }
    }
    return changed;
  };
  const auto after = [&](const std::vector<CopyId>& changed) {
    for (const CopyId id : changed) agenda_.add({now, id});
    due_ = true;
  };
  return writer_.wait(work, after).size();
}

std::size_t SqliteStore::set_on_hold(const std::string& reference, bool on_hold) {
  const auto from = on_hold ? CopyState::ready : CopyState::on_hold;
  const auto to = on_hold ? CopyState::on_hold : CopyState::ready;
  const auto work = [&](Database& db) {
    std::vector<Appointment> changed;
    for (const CopyId id : copy_ids(db, reference)) {
      const auto due = db.number("SELECT due FROM copy WHERE id = ? AND state = ?", id, from);
      if (!due) continue;
      db.run("UPDATE copy SET state = ? WHERE id = ?", to, id);
      changed.push_back({from_stored(*due), id});
    }
    return changed;
  };
  const auto after = [&](const std::vector<Appointment>& changed) {
    for (const Appointment& appointment : changed) {
      agenda_.forget_content(appointment.copy);
      if (!on_hold) agenda_.add(appointment);
    }
    due_ = true;
  };
  return writer_.wait(work, after).size();
}

std::size_t SqliteStore::drop(const std::string& reference, const std::string& who, Time now) {
  const auto work = [&](Database& db) {
    std::vector<CopyId> ids = copy_ids(db, reference);
    for (const CopyId id : ids) {
      const auto message = db.number("SELECT message FROM copy WHERE id = ?", id);
      erase_copy(db, id);
      if (message) write_event(db, *message, decision(reference, "dropped", who, now));
    }
    return ids;
  };
  const auto after = [&](const std::vector<CopyId>& ids) {
    for (const CopyId id : ids) agenda_.forget_content(id);
  };
  return writer_.wait(work, after).size();
}

std::vector<HeldEntry> SqliteStore::read_held_entries(Database& db, const std::vector<RowId>& ids) {
  std::vector<HeldEntry> entries;
  for (const RowId id : ids) {
    auto row = read_held(db, keyring_, id);
    if (!row) {
      problems_.add("held message " + std::to_string(id) + " is damaged: " + row.error().why);
    } else if (*row) {
      entries.push_back(std::move((*row)->entry));
    }
  }
  return entries;
}

std::vector<HeldEntry> SqliteStore::held() {
  auto db = readers_.lease();
  return read_held_entries(*db, held_ids(*db));
}

std::vector<HeldEntry> SqliteStore::expired_held(Time now) {
  auto db = readers_.lease();
  return read_held_entries(*db, held_ids(*db, now));
}

std::optional<HeldEntry> SqliteStore::held_entry(const std::string& reference) {
  auto db = readers_.lease();
  const auto id = held_id(*db, reference);
  auto entries = id ? read_held_entries(*db, {*id}) : std::vector<HeldEntry>();
  return entries.empty() ? std::nullopt : std::optional(std::move(entries.front()));
}

Result<mail::Message> SqliteStore::held_message(const std::string& reference) {
  auto db = readers_.lease();
  const auto id = held_id(*db, reference);
  if (!id) return fail(not_held(reference).what());
  auto row = read_held(*db, keyring_, *id);
  if (row && !*row) return fail(not_held(reference).what());
  auto message = row ? read_held_message(*db, **row) : std::unexpected(row.error());
  if (!message) problems_.add("held message " + reference + " is damaged: " + message.error().why);
  return message;
}

void SqliteStore::release(const std::string& reference, Submission submission, const std::string& who, Done done) {
  const Time at = submission.received;
  auto intake = std::make_shared<Intake>(lock(keyring_, ids_, std::move(submission), false));
  writer_.put({.work =
                   [intake, reference, who, at](Database& db) {
                     const auto id = held_id(db, reference);
                     if (!id) throw not_held(reference);
                     erase_held(db, *id);
                     write_event(db, *id, decision(reference, "released", who, at));
                     write(db, *intake);
                   },
               .after = [this, intake] { remember(*intake); },
               .done = handed_on(std::move(done))});
}

void SqliteStore::end_held(const std::string& reference, const std::string& event, const std::string& who,
                           std::vector<Submission> notices, Time now, Done done) {
  auto intakes = lock_all(std::move(notices));
  writer_.put({.work =
                   [=](Database& db) {
                     const auto id = held_id(db, reference);
                     if (!id) throw not_held(reference);
                     erase_held(db, *id);
                     write_event(db, *id, decision(reference, event, who, now));
                     for (const Intake& notice : *intakes) write(db, notice);
                   },
               .after =
                   [this, intakes] {
                     for (const Intake& notice : *intakes) remember(notice);
                   },
               .done = handed_on(std::move(done)),
               .removes = true});
}

}  // namespace zegel::store
