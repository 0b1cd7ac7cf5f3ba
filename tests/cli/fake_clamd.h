#pragma once

#include <functional>
#include <string>
#include <thread>

namespace zegel::fake {

/// Speaks clamd's side of one connection after another: hears a command up to its NUL, then the chunks of INSTREAM.
class Clamd {
 public:
  /// `answer` is given all octets of the stream; empty: it says nothing and keeps the line open.
  using Answer = std::function<std::string(const std::string& octets)>;

  /// On a free port of 127.0.0.1, or at a socket's path. `most`: it answers and hangs up after that many octets.
  explicit Clamd(Answer answer, const std::string& path = {}, std::size_t most = 1U << 30);
  ~Clamd();
  Clamd(const Clamd&) = delete;
  Clamd& operator=(const Clamd&) = delete;

  /// What scan.clamd would say.
  [[nodiscard]] const std::string& address() const { return address_; }

 private:
  void serve();
  void talk(int line);

  Answer answer_;
  std::size_t most_;
  std::string address_;
  int listening_ = -1;
  std::thread thread_;
};

}  // namespace zegel::fake
