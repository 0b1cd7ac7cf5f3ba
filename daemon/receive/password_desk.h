#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>

namespace zegel::receive {

/// Where passwords are checked. A check costs 80 ms and 32 MB on purpose (scrypt), so it has one thread of its own: a
/// flood of wrong ones takes neither the threads that seal nor more memory than one check. Clients take turns, so that
/// one who asks for hundreds delays another by one check. Thread-safe.
class PasswordDesk {
 public:
  PasswordDesk();
  ~PasswordDesk();  ///< finishes the check at hand and drops what waits
  PasswordDesk(const PasswordDesk&) = delete;
  PasswordDesk& operator=(const PasswordDesk&) = delete;

  /// Runs `check` when it is `client`'s turn (who_counts_as, receive/networks.h). It must not throw. What waits is
  /// bounded by the connections: each asks one thing at a time.
  void ask(const std::string& client, std::function<void()> check);

 private:
  void work();
  [[nodiscard]] std::function<void()> next();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::string, std::deque<std::function<void()>>> waiting_;  ///< by client, none empty
  std::deque<std::string> turns_;                                     ///< the same clients, who is next first
  bool closing_ = false;
  std::thread thread_;
};

}  // namespace zegel::receive
