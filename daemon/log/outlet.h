#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace zegel::log {

/// Severities of syslog(3).
enum class Severity { error = 3, warning = 4, info = 6, debug = 7 };

/// Where lines go: a syslog socket (facility mail, ident zegeld, the form that syslog(3) writes), or standard error.
/// Waits only so long for a receiver that is stuck or away; then lines are lost until it takes one again, and a line
/// `event=log-lost lines=N` says how many. One thread writes; `hurry` and `lost` are for any.
class Outlet {
 public:
  using Patience = std::chrono::milliseconds;

  /// An empty path: standard error.
  explicit Outlet(std::string socket_path, Patience = std::chrono::seconds(5));
  ~Outlet();
  Outlet(const Outlet&) = delete;
  Outlet& operator=(const Outlet&) = delete;

  /// Without the line's end. Standard error takes several `lines` in one go, with line ends between them.
  void write(Severity, std::string_view line, std::size_t lines = 1);
  /// From now on waits for a second more, all in all.
  void hurry();
  /// So many more lines were lost before they came here.
  void lost(std::size_t lines) {
    lost_ += lines;
    ever_lost_ += lines;
  }
  /// Lines lost since it was made.
  [[nodiscard]] std::uint64_t ever_lost() const { return ever_lost_; }

 private:
  bool offer(Severity, std::string_view line);
  bool offer_to_syslog(std::string_view line);
  bool offer_to_stderr(std::string_view line);
  bool connect();
  void disconnect();
  void wait_a_moment() const;
  void give_up(std::size_t lines);

  std::string path_;
  Patience patience_;
  int socket_ = -1;
  std::size_t written_ = 0;  // octets of the line at hand that standard error has taken
  bool deaf_ = false;        // the receiver took nothing for as long as our patience
  bool cut_ = false;         // standard error got half a line
  std::atomic<std::chrono::steady_clock::time_point> last_moment_ = std::chrono::steady_clock::time_point::max();
  std::atomic<std::size_t> lost_ = 0;  // and not yet told
  std::atomic<std::uint64_t> ever_lost_ = 0;
};

}  // namespace zegel::log
