// People: who is known, passwords, history, and being forgotten.
#include <algorithm>

#include "store/schema.h"
#include "store/sqlite_store.h"

namespace zegel::store {

namespace {

constexpr std::size_t sweep_step = 500;
constexpr std::size_t forget_step = 2'000;
constexpr std::size_t look_step = 10'000;

bool names(const QueuedCopy& copy, const std::string& address) {
  return (copy.from && mail::folded(*copy.from) == address) ||
         std::ranges::any_of(copy.recipients,
                             [&](const mail::Recipient& to) { return mail::folded(to.mailbox) == address; });
}

/// How many copies in the queue still go to, or come from, `address`.
std::size_t waiting_for(Database& db, const Keyring& keyring, const std::string& address) {
  std::size_t count = 0;
  CopyId after = 0;
  for (std::vector<CopyId> ids; !(ids = copy_ids(db, after, look_step)).empty(); after = ids.back()) {
    count += static_cast<std::size_t>(std::ranges::count_if(ids, [&](CopyId id) {
      const auto row = read_copy(db, keyring, id);
      return row && *row && names((*row)->copy, address);
    }));
  }
  return count;
}

struct HeldFor {
  std::vector<RowId> alone;
  std::size_t with_others = 0;
};

HeldFor held_for(Database& db, const Keyring& keyring, const std::string& address) {
  HeldFor found;
  for (const RowId id : held_ids(db)) {
    const auto row = read_held(db, keyring, id);
    if (!row || !*row) continue;
    const auto& to = (*row)->entry.envelope.to;
    const auto named =
        std::ranges::count_if(to, [&](const mail::Recipient& r) { return mail::folded(r.mailbox) == address; });
    if (named == 0) continue;
    if (named == static_cast<std::ptrdiff_t>(to.size())) {
      found.alone.push_back(id);
    } else {
      ++found.with_others;
    }
  }
  return found;
}

std::string messages(std::size_t count) { return std::to_string(count) + (count == 1 ? " message" : " messages"); }

}  // namespace

std::vector<LearnedRecipient> SqliteStore::learned() { return read_learned(*readers_.lease()); }

void SqliteStore::learn(std::vector<LearnedRecipient> recipients, Done done) {
  writer_.put({.work =
                   [recipients = std::move(recipients)](Database& db) {
                     for (const LearnedRecipient& recipient : recipients) add_learned(db, recipient);
                   },
               .done = handed_on(std::move(done))});
}

std::size_t SqliteStore::unlearn(const std::string& address) {
  return writer_.wait([&](Database& db) {
    const std::string folded = fold(address);
    return db.run("DELETE FROM learned WHERE address = ?", folded);
  });
}

void SqliteStore::ask_confirmation(std::string_view sender, std::string_view recipient, Time until) {
  const Confirmation asked = confirmation_of(keyring_, sender, recipient);
  writer_.wait([&](Database& db) {
    write_confirmation(db, asked, until);
    return true;
  });
}

bool SqliteStore::confirmed(std::string_view sender, std::string_view recipient, Time now) {
  const Confirmation asked = confirmation_of(keyring_, sender, recipient);
  if (!has_confirmation(*readers_.lease(), asked, now)) return false;
  return writer_.wait([&](Database& db) {
    const bool still = has_confirmation(db, asked, now);
    if (still) {
      db.run("DELETE FROM confirmation WHERE pair = ?", Blob{asked.pair});
      add_learned(db, {.address = fold(recipient), .mails = 0, .last = now});
    }
    return still;
  });
}

std::vector<MessagePassword> SqliteStore::passwords(const std::string& reference) {
  return read_passwords(*readers_.lease(), keyring_, reference);
}

void SqliteStore::set_agreed_password(const std::string& address_or_domain, Secret password, Time now) {
  writer_.wait([&](Database& db) {
    write_agreed(db, keyring_, fold(address_or_domain), password, now);
    return true;
  });
}

std::optional<AgreedPassword> SqliteStore::agreed_password(const mail::Mailbox& mailbox) {
  auto db = readers_.lease();
  for (const std::string& whom : {mail::folded(mailbox), mailbox.domain}) {
    auto password = read_agreed(*db, keyring_, whom);
    if (!password) {
      problems_.add("the agreed password for " + whom + " is damaged: set it again");
    } else if (*password) {
      return std::move(*password);
    }
  }
  return std::nullopt;
}

std::vector<std::pair<std::string, Time>> SqliteStore::agreed_passwords() {
  auto db = readers_.lease();
  std::vector<std::pair<std::string, Time>> all;
  Rows rows = db->query("SELECT whom, since FROM agreed ORDER BY whom");
  while (rows.next()) all.emplace_back(rows.text(0), from_stored(rows.integer(1)));
  return all;
}

std::size_t SqliteStore::forget_passwords(const std::string& address) {
  const std::size_t count = writer_.wait([&](Database& db) { return erase_passwords(db, fold(address)); });
  writer_.scrub();
  return count;
}

void SqliteStore::audit(AuditRow event) {
  const RowId id = ids_.next(1);
  writer_.put({.work = [id, event = std::move(event)](Database& db) {
    write_message(db, {.id = id, .reference = event.reference, .at = event.at});
    write_event(db, id, event);
  }});
}

std::vector<AuditRow> SqliteStore::trace(const std::string& reference_or_message_id) {
  return store::trace(*readers_.lease(), reference_or_message_id);
}

// Looked up beside the writer, erased in steps: mail goes on in between.
Store::Forgotten SqliteStore::forget(const std::string& address, Time now) {
  const std::string who = fold(address);
  const HeldFor held = held_for(*readers_.lease(), keyring_, who);
  Forgotten forgotten = writer_.wait([&](Database& db) {
    Forgotten done{.learned = db.run("DELETE FROM learned WHERE address = ?", who),
                   .passwords = db.run("DELETE FROM agreed WHERE whom = ?", who)};
    erase_confirmations(db, keyring_, who);
    for (const RowId id : held.alone) {
      if (!erase_held(db, id)) continue;  // decided on in the meantime
      write_event(db, id, {now, "", "forgotten", "", "", ""});
      ++done.held;
    }
    return done;
  });
  for (std::optional<RowId> from = 0; from;) {
    const ForgetStep step = writer_.wait([&](Database& db) { return forget_in_trail(db, who, *from, forget_step); });
    forgotten.audit += step.events;
    forgotten.passwords += step.passwords;
    from = step.next;
  }
  if (held.with_others > 0) {
    forgotten.kept.push_back(messages(held.with_others) + " held for others too: release or refuse them");
  }
  if (const std::size_t waiting = waiting_for(*readers_.lease(), keyring_, who); waiting > 0) {
    forgotten.kept.push_back(messages(waiting) + " in the queue: still to be delivered, then erased");
  }
  writer_.scrub();
  return forgotten;
}

void SqliteStore::sweep(const Retention& retention, Time now) {
  writer_.wait([&](Database& db) {
    db.run("DELETE FROM password WHERE expires < ?", to_stored(now));
    db.run("DELETE FROM confirmation WHERE until < ?", to_stored(now));
    return db.run("DELETE FROM learned WHERE last < ?", to_stored(now - retention.learned));
  });
  // In steps, so that mail goes on in between.
  std::optional<RowId> from = 0;
  while (from) {
    from =
        writer_.wait([&](Database& db) { return sweep_messages(db, now - retention.audit, now, *from, sweep_step); });
  }
}

Store::Figures SqliteStore::figures() {
  auto db = readers_.lease();
  const auto count = [&](std::string_view sql) { return static_cast<std::size_t>(db->number(sql).value_or(0)); };
  Figures figures{
      .queued = count("SELECT count(*) FROM copy WHERE state = 0") + count("SELECT count(*) FROM copy WHERE state = 1"),
      .held = count("SELECT count(*) FROM held"),
      .set_aside = count("SELECT count(*) FROM copy WHERE state = 2")};
  if (const auto oldest =
          db->number("SELECT at FROM message WHERE id = (SELECT message FROM copy ORDER BY id LIMIT 1)")) {
    figures.oldest = from_stored(*oldest);
  }
  return figures;
}

std::vector<std::string> SqliteStore::integrity() { return problems_.all(); }

}  // namespace zegel::store
