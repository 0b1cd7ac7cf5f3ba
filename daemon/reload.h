#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>

#include "check/index.h"
#include "receive/snapshot.h"

namespace zegel::send {
struct Terms;
}

namespace zegel {

/// What a reload made ready, before any of it is in force.
struct Fresh {
  std::shared_ptr<const receive::Snapshot> snapshot;
  std::shared_ptr<const check::Index> index;
  std::shared_ptr<const send::Terms> terms;
};

/// Reloads: one at a time, the slow part (keys, lists) on a thread of its own, so that no session waits for it. Whoever
/// asks while one is under way gets another one after it, since the first may have read the files before they changed.
/// `ask` and `abandon` are called on the io context's thread.
class Reload {
 public:
  /// Told whether the new settings are in force. Called once, on the io context, or by abandon().
  using Done = std::function<void(bool)>;

  struct Steps {
    std::function<void()> begin;                      ///< on the io context
    std::function<Fresh()> load;                      ///< on the thread; an exception refuses the reload
    std::function<void(const Fresh&)> put_in_force;   ///< on the io context; an exception refuses, and nothing changed
    std::function<void(Fresh)> settle;                ///< on the thread, after that; cannot fail
    std::function<void(const std::string& why)> end;  ///< on the io context; `why` it was refused, or empty
  };

  Reload(boost::asio::io_context&, Steps);

  void ask(Done);
  /// No more of it: waits for what the thread is at, and answers all who still wait with false. When the context runs
  /// no more.
  void abandon();

 private:
  void start();
  void load();
  void put_in_force(const Fresh&);
  void finish(const std::string& why);

  boost::asio::io_context& io_;
  Steps steps_;
  std::vector<Done> asked_;      // for the next one
  std::vector<Done> under_way_;  // for this one
  bool busy_ = false;
  bool over_ = false;
  boost::asio::thread_pool thread_{1};
};

}  // namespace zegel
