#include "store/writer.h"

#include <algorithm>
#include <cassert>

namespace zegel::store {

namespace {

using namespace std::chrono_literals;

/// A batch is bounded so that nobody waits for everybody.
constexpr std::size_t most_jobs = 512;
constexpr std::size_t most_octets = std::size_t{16} << 20;
/// 64 MB of log: then its pages are moved into the database, many of them rewritten several times by then.
constexpr int long_log = 16'384;
/// Notes of what has left make way for a moment: nobody waits for them, and the next mail takes them along in its sync.
constexpr auto patience_of_notes = 3ms;
/// A batch waits for those who were answered a moment ago half as long as its commit will take, never longer than this.
constexpr std::chrono::nanoseconds longest_gathering = 3ms;
/// When they did not come, so many batches do not wait.
constexpr unsigned doubts_after_waiting_in_vain = 8;
constexpr auto idle = 1s;
constexpr auto longest_scrub = 5s;
/// Deleted rows are in the log no longer than this.
constexpr auto oldest_log = 30s;
constexpr auto try_again = 1s;
constexpr std::size_t most_problems = 100;

bool is_disk(const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (const Fault& fault) { return fault.kind() != Fault::Kind::other; } catch (...) {
    return false;
  }
}

std::string sentence(const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (const std::exception& e) { return e.what(); } catch (...) {
    return "something unknown";
  }
}

}  // namespace

void Problems::add(const std::string& problem) {
  const std::lock_guard lock(mutex_);
  if (all_.size() < most_problems && std::ranges::find(all_, problem) == all_.end()) all_.push_back(problem);
}

std::vector<std::string> Problems::all() const {
  const std::lock_guard lock(mutex_);
  return all_;
}

Writer::Writer(std::unique_ptr<Database> db, Problems& problems, std::function<void()> after_batch)
    : db_(std::move(db)), problems_(problems), after_batch_(std::move(after_batch)) {
  last_commit_ = log_began_ = again_at_ = Clock::now();
  checkpoint(Database::Checkpoint::empty);  // what a daemon that was killed has left in the log
  thread_ = std::thread([this] { run(); });
}

Writer::~Writer() {
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

void Writer::put(Job job) {
  bool wake = false;
  {
    const std::lock_guard lock(mutex_);
    assert(!closing_ && "the store is being closed");
    if (!job.removes) ++mails_;
    waiting_.push_back(std::move(job));
    wake = nap_ && is_roused();
  }
  if (wake) wake_.notify_one();
}

void Writer::scrub() {
  std::unique_lock lock(mutex_);
  const unsigned mine = ++scrubs_asked_;
  scrub_ = true;
  wake_.notify_one();
  scrubbed_.wait_for(lock, longest_scrub, [&] { return scrubs_done_ >= mine; });
}

void Writer::run() {
  for (;;) {
    std::vector<Job> batch = next_batch();
    if (!batch.empty()) carry_out(batch);
    tidy();
    const std::lock_guard lock(mutex_);
    if (closing_ && waiting_.empty()) break;
  }
  // What could not be written by now is lost to this process; the caller's copy is still as it was in the database.
  if (!stubborn_.empty()) {
    std::vector<Job> last = std::exchange(stubborn_, {});
    for (Job& job : last) job.stubborn = false;
    carry_out(last);
  }
  checkpoint(Database::Checkpoint::empty);
}

std::vector<Writer::Job> Writer::next_batch() {
  std::vector<Job> batch;
  if (!stubborn_.empty() && Clock::now() >= again_at_) batch = std::exchange(stubborn_, {});
  std::unique_lock lock(mutex_);
  if (batch.empty()) {
    sleep(lock, wake_at(), {.notes_too = true});
    if (!waiting_.empty() && mails_ == 0) sleep(lock, Clock::now() + patience_of_notes, {});
    if (mails_ > 0) let_gather(lock);
  }
  fill(batch);
  return batch;
}

bool Writer::is_roused() const {
  return closing_ || scrub_ || mails_ >= nap_->mails || (nap_->notes_too && !waiting_.empty());
}

void Writer::sleep(std::unique_lock<std::mutex>& lock, Clock::time_point until, Nap nap) {
  nap_ = nap;
  wake_.wait_until(lock, until, [this] { return is_roused(); });
  nap_.reset();
}

/// Clients send one message after another: without this, those who wait for a sync and those who were answered by it
/// take turns, and each half pays for syncs of its own.
void Writer::let_gather(std::unique_lock<std::mutex>& lock) {
  if (Clock::now() >= gathers_until_ || mails_ >= expected_) return;
  sleep(lock, gathers_until_, {.mails = expected_});
  const std::size_t stayed_away = expected_ - std::min(expected_, mails_);
  if (2 * stayed_away > answered_) doubts_ = doubts_after_waiting_in_vain;
}

void Writer::expect_back(std::size_t answered, Clock::duration commit) {
  answered_ = answered;
  gathers_until_ = {};
  if (doubts_ > 0) {
    --doubts_;
    return;
  }
  gathers_until_ = Clock::now() + std::min<Clock::duration>(commit / 2, longest_gathering);
  const std::lock_guard lock(mutex_);
  expected_ = std::min(mails_ + answered, most_jobs / 2);
}

void Writer::fill(std::vector<Job>& batch) {
  std::size_t octets = 0;
  auto end = waiting_.begin();
  while (end != waiting_.end() && batch.size() + static_cast<std::size_t>(end - waiting_.begin()) < most_jobs &&
         octets < most_octets) {
    octets += end->octets;
    ++end;
  }
  for (const bool removes : {true, false}) {
    for (auto job = waiting_.begin(); job != end; ++job) {
      if (job->removes != removes) continue;
      if (!removes) --mails_;
      batch.push_back(std::move(*job));
    }
  }
  waiting_.erase(waiting_.begin(), end);
}

void Writer::carry_out(std::vector<Job>& batch) {
  const auto mails = static_cast<std::size_t>(std::ranges::count(batch, false, &Job::removes));
  const auto begin = Clock::now();
  const std::exception_ptr error = commit(batch);
  expect_back(mails, Clock::now() - begin);
  if (!error || batch.size() == 1) {
    settle(batch, error);
  } else {
    for (Job& job : batch) {
      const std::span<Job> alone(&job, 1);
      settle(alone, commit(alone));
    }
  }
  last_commit_ = Clock::now();
  if (after_batch_) after_batch_();
}

std::exception_ptr Writer::commit(std::span<Job> jobs) {
  try {
    if (db_->log_pages() == 0) log_began_ = Clock::now();
    Transaction transaction(*db_);
    for (Job& job : jobs) job.work(*db_);
    transaction.commit();
    return nullptr;
  } catch (...) { return std::current_exception(); }
}

void Writer::settle(std::span<Job> jobs, const std::exception_ptr& error) {
  if (error) problems_.add(sentence(error));
  for (Job& job : jobs) {
    if (!error && job.after) job.after();
  }
  for (Job& job : jobs) {
    if (error && job.stubborn && is_disk(error)) {
      again_at_ = Clock::now() + try_again;
      stubborn_.push_back(std::move(job));
    } else if (job.done) {
      job.done(error);
    }
  }
}

Writer::Clock::time_point Writer::wake_at() const {
  Clock::time_point at = Clock::now() + 1h;
  if (!stubborn_.empty()) at = std::min(at, again_at_);
  if (db_->log_pages() > 0) at = std::min(at, last_commit_ + idle);
  return at;
}

void Writer::tidy() {
  bool owed = false;
  bool waits = false;
  unsigned asked = 0;
  {
    const std::lock_guard lock(mutex_);
    scrub_ = false;
    asked = scrubs_asked_;
    owed = asked > scrubs_done_;
    waits = !waiting_.empty();
  }
  if (db_->log_pages() == 0) return scrubbed(asked);
  const auto time = Clock::now();
  if (owed || (!waits && time >= last_commit_ + idle) || time >= log_began_ + oldest_log) {
    checkpoint(Database::Checkpoint::empty);
    if (db_->log_pages() == 0) scrubbed(asked);
  } else if (db_->log_pages() >= long_log) {
    checkpoint(Database::Checkpoint::pass);
  }
}

void Writer::scrubbed(unsigned asked) {
  {
    const std::lock_guard lock(mutex_);
    scrubs_done_ = asked;
  }
  scrubbed_.notify_all();
}

void Writer::checkpoint(Database::Checkpoint how) {
  try {
    if (!db_->checkpoint(how)) last_commit_ = log_began_ = Clock::now();  // a reader is in the way: later
  } catch (const Fault& fault) {
    problems_.add(fault.what());
    last_commit_ = log_began_ = Clock::now();
  }
}

}  // namespace zegel::store
