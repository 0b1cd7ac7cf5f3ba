#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

namespace zegel {

/// Tells systemd that the io context turns (WATCHDOG=1 comes from a timer on it, so a loop that hangs is silent), and
/// what there is to do (STATUS=). Lives on that context; nothing happens where systemd does not listen.
class Heartbeat {
 public:
  /// `figures`: what is in hand, in a few words; it may block, so it runs where `work` puts it.
  Heartbeat(boost::asio::io_context&, std::function<void(std::function<void()>)> work,
            std::function<std::string()> figures);

  void start();
  /// What the status begins with from now on: "Taking mail". Told at once.
  void say(std::string headline);

 private:
  void beat();
  void look();
  void tell();

  boost::asio::io_context& io_;
  std::function<void(std::function<void()>)> work_;
  std::function<std::string()> figures_;
  boost::asio::steady_timer beat_, look_;
  std::optional<std::chrono::microseconds> every_;
  std::string headline_, last_figures_, told_;
};

}  // namespace zegel
