#pragma once

#include <functional>
#include <memory>

namespace zegel::net {

/// The pool of threads for what takes long: sealing, password hashes. Thread-safe.
class WorkerPool {
 public:
  explicit WorkerPool(unsigned threads);
  ~WorkerPool();  ///< finishes what was posted
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  /// Runs `work` on one of the threads, in order of posting. It must not throw.
  void post(std::function<void()> work);

 private:
  struct Pool;
  std::unique_ptr<Pool> pool_;
};

}  // namespace zegel::net
