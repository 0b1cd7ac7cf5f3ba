#pragma once

#include <chrono>
#include <condition_variable>
#include <exception>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <thread>
#include <vector>

#include "store/database.h"

namespace zegel::store {

/// `done` as a job takes it; nothing when there is nobody to tell.
inline std::move_only_function<void(std::exception_ptr)> handed_on(std::function<void(std::exception_ptr)> done) {
  if (!done) return {};
  return std::move(done);
}

/// What is wrong with the store, one sentence each, for `integrity`. Thread-safe; bounded; says nothing twice.
class Problems {
 public:
  void add(const std::string& problem);
  [[nodiscard]] std::vector<std::string> all() const;

 private:
  mutable std::mutex mutex_;
  std::vector<std::string> all_;
};

/// The one thread that writes. Whatever waits is committed in one transaction, with one sync (group commit); when that
/// fails, each job is tried alone, so that one cannot spoil another's.
class Writer {
 public:
  struct Job {
    /// On the writer's thread, in a transaction. May be called again after a failure: changes nothing but the database.
    std::move_only_function<void(Database&)> work;
    /// On the writer's thread after the commit: what memory must know.
    std::move_only_function<void()> after = {};
    /// On the writer's thread, after every job's `after`: null, or what went wrong.
    std::move_only_function<void(std::exception_ptr)> done = {};
    /// Removes rows: goes before the others of its batch, which then use its pages.
    bool removes = false;
    /// Is not given up when the disk is full or fails, but tried again every second: it tells what has happened
    /// already.
    bool stubborn = false;
    std::size_t octets = 0;
  };

  Writer(std::unique_ptr<Database>, Problems&, std::function<void()> after_batch);
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;
  /// Carries out what waits, then stops.
  ~Writer();

  void put(Job);

  /// Carries `work(db)` out and hands back what it returned, or throws what it threw. Not on the writer's own thread.
  template <class Work>
  auto wait(Work work) -> std::invoke_result_t<Work, Database&> {
    return wait(std::move(work), [](const auto&) {});
  }
  /// The same, with `after(result)` once it is durable.
  template <class Work, class After>
  auto wait(Work work, After after) {
    using Value = std::invoke_result_t<Work, Database&>;
    Value value{};
    std::promise<void> promise;
    Job job{.work = [&](Database& db) { value = work(db); },
            .after = [&] { after(value); },
            .done =
                [&](std::exception_ptr error) {
                  if (error) {
                    promise.set_exception(error);
                  } else {
                    promise.set_value();
                  }
                }};
    auto finished = promise.get_future();
    put(std::move(job));
    finished.get();
    return value;
  }

  /// Leaves nothing of deleted rows in the write-ahead log. Waits until it is so, five seconds at most: where a reader
  /// is in the way for longer, it is done behind him. Not on the writer's own thread.
  void scrub();

 private:
  using Clock = std::chrono::steady_clock;
  /// What ends the writer's sleep, beside the end of the store: so many mails, or anything at all.
  struct Nap {
    std::size_t mails = 1;
    bool notes_too = false;
  };
  void run();
  std::vector<Job> next_batch();
  void sleep(std::unique_lock<std::mutex>&, Clock::time_point until, Nap);
  [[nodiscard]] bool is_roused() const;
  void let_gather(std::unique_lock<std::mutex>&);
  void expect_back(std::size_t answered, Clock::duration commit);
  void fill(std::vector<Job>& batch);
  void carry_out(std::vector<Job>& batch);
  std::exception_ptr commit(std::span<Job> jobs);
  void settle(std::span<Job> jobs, const std::exception_ptr&);
  [[nodiscard]] Clock::time_point wake_at() const;
  void tidy();
  void scrubbed(unsigned asked);
  void checkpoint(Database::Checkpoint);

  std::unique_ptr<Database> db_;  // the writer's thread's
  Problems& problems_;
  std::function<void()> after_batch_;
  Clock::time_point last_commit_, log_began_;  // the writer's thread's

  std::mutex mutex_;
  std::condition_variable wake_, scrubbed_;
  std::vector<Job> waiting_;    // guarded by mutex_
  std::vector<Job> stubborn_;   // the writer's thread's: failed, to be tried again
  Clock::time_point again_at_;  // the writer's thread's
  std::size_t mails_ = 0;       // guarded by mutex_: of waiting_, those that do not remove
  std::optional<Nap> nap_;      // guarded by mutex_: nothing: awake
  bool closing_ = false;        // guarded by mutex_
  bool scrub_ = false;          // guarded by mutex_
  unsigned scrubs_asked_ = 0;   // guarded by mutex_
  unsigned scrubs_done_ = 0;    // guarded by mutex_: all up to this one

  // The writer's thread's: who was answered last probably sends more at once.
  std::size_t answered_ = 0, expected_ = 0;
  Clock::time_point gathers_until_;
  unsigned doubts_ = 0;  // so many batches will not wait for others
  std::thread thread_;
};

}  // namespace zegel::store
