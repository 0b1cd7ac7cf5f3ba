#pragma once

#include <atomic>

#include <sqlite3.h>

namespace zegel::store {

/// A disk that fails when told to: SQLite's default VFS while it lives, on top of the real one.
class FailingDisk {
 public:
  enum class At { nothing, write, sync, open, read };

  FailingDisk();
  FailingDisk(const FailingDisk&) = delete;
  FailingDisk& operator=(const FailingDisk&) = delete;
  ~FailingDisk();

  /// From the `after`-th such operation on (the first is 0) it fails with `code`, `times` times.
  void fail(At what, int code, int after = 0, int times = 1'000'000'000);
  void mend() { what_ = At::nothing; }
  /// Failures so far.
  [[nodiscard]] int failures() const { return failures_; }

  /// SQLITE_OK, or what this operation fails with.
  int ask(At what);

 private:
  std::atomic<At> what_ = At::nothing;
  std::atomic<int> code_ = 0, wait_ = 0, times_ = 0, failures_ = 0;
  sqlite3_vfs vfs_{};
};

}  // namespace zegel::store
