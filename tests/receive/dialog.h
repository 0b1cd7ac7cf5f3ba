#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "config/settings.h"

namespace zegel::receive {

/// One file of tests/dialogs (its README says how they are written).
struct Dialog {
  struct Line {
    enum class Kind { client, server, handshake, closed, message };
    Kind kind = Kind::client;
    std::string text;  ///< client: the octets; server: the pattern; message: what was delivered after our Received
    int number = 0;
  };
  std::string name;
  bool in_clear = true;        ///< to be run without TLS
  bool under_tls = true;       ///< to be run over implicit TLS
  std::size_t deliveries = 0;  ///< how many messages the gatehouse must have seen at the end
  std::shared_ptr<config::Settings> settings;
  std::vector<Line> lines;
};

/// Throws std::runtime_error for a file that is malformed.
[[nodiscard]] Dialog read_dialog(const std::string& path);
[[nodiscard]] std::vector<std::string> all_dialogs();

/// `*` stands for any run of characters.
[[nodiscard]] bool matches(std::string_view pattern, std::string_view text);

/// Settings that the tests begin with: kantoor.nl, a certificate, users, loopback trusted, any free ports.
[[nodiscard]] std::shared_ptr<config::Settings> test_settings();

/// The other end of a dialogue.
class Peer {
 public:
  virtual ~Peer() = default;
  virtual void say(std::string_view octets) = 0;
  /// The next reply line without its CRLF, or `<closed>`, or `<silence>` when none will come.
  virtual std::string hear() = 0;
  virtual void shake_hands() = 0;
  /// All messages that came in.
  [[nodiscard]] virtual std::vector<std::string> delivered() = 0;
};

/// Goes through the dialogue; every difference is a test failure. `last` is called when all is said, before listening
/// whether more comes than was written.
void perform(const Dialog&, Peer&, const std::function<void()>& last = [] {});

}  // namespace zegel::receive
