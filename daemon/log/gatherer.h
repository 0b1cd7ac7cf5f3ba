#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace zegel::log {

/// Lines on their way out. Who logs only appends to memory; a thread of the gatherer's own wakes for the first of them,
/// lets others gather for a moment and writes them together, so that a busy hour costs a hundred wake-ups a second and
/// not one per line. Thread-safe.
class Gatherer {
 public:
  struct Line {
    int level;
    std::string text;
  };
  /// On the gatherer's thread, oldest first; must not throw. `dropped`: so many before them found no room.
  using Write = std::function<void(const std::vector<Line>&, std::uint64_t dropped)>;

  explicit Gatherer(Write);
  Gatherer(const Gatherer&) = delete;
  Gatherer& operator=(const Gatherer&) = delete;
  /// Writes what waits.
  ~Gatherer();

  /// Never waits for the writing: when it is too slow the oldest lines go. `at_once`: wakes the thread now.
  void add(Line, bool at_once);

 private:
  void run();

  const Write write_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Line> waiting_;   // guarded by mutex_
  std::uint64_t dropped_ = 0;  // guarded by mutex_
  bool urgent_ = false;        // guarded by mutex_
  bool closing_ = false;       // guarded by mutex_
  std::thread thread_;         // last: uses all the rest
};

}  // namespace zegel::log
