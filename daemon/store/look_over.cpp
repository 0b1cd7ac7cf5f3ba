#include "store/look_over.h"

#include "store/queue_rows.h"
#include "store/schema.h"

namespace zegel::store {

namespace {

constexpr std::int64_t small = std::int64_t{64} << 20;

std::int64_t size_of(Database& db) {
  return db.number("PRAGMA page_count").value_or(0) * db.number("PRAGMA page_size").value_or(0);
}

bool is_whole(Database& db, Problems& problems) {
  Rows rows = db.query("PRAGMA quick_check(5)");
  bool whole = true;
  while (rows.next()) {
    if (rows.view(0) == "ok") continue;
    whole = false;
    problems.add("the store was found damaged at start: " + rows.text(0));
  }
  return whole;
}

void mend_indexes(Database& db, Problems& problems) {
  try {
    db.run("REINDEX");
  } catch (const Fault&) {
    // It cannot even be emptied: the one on which everything hangs is made anew beside it.
    db.forget_index("copy_due");
    db.script(make_copy_due);
    db.script("VACUUM");
  }
  problems.add("the store's indexes were made anew");
}

void count_set_aside(Database& db, Problems& problems) {
  const auto count = db.number("SELECT count(*) FROM copy WHERE state = 2").value_or(0);
  if (count > 0) problems.add(std::to_string(count) + " damaged copies are set aside in the queue");
}

}  // namespace

std::vector<Appointment> look_over(Database& db, Problems& problems) {
  bool mended = false;
  if (size_of(db) <= small && !is_whole(db, problems)) {
    mend_indexes(db, problems);
    mended = true;
  }
  count_set_aside(db, problems);
  try {
    return appointments(db);
  } catch (const Fault& fault) {
    if (mended || fault.kind() != Fault::Kind::damaged) throw;
    problems.add(fault.what());
    mend_indexes(db, problems);
    return appointments(db);
  }
}

}  // namespace zegel::store
