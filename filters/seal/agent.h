#pragma once

#include <string>

namespace zegel::seal {

/// For a command that may need gpg's agent: while it lives one may come, and where there was none before, that one goes
/// with it. An agent that a command leaves behind would serve the daemon too, outside of its unit: with the secret keys
/// in memory that may be swapped, and with none of the unit's bounds.
class PassingAgent {
 public:
  /// `home` is the keyring. May be one that is not there.
  explicit PassingAgent(std::string home);
  PassingAgent(const PassingAgent&) = delete;
  PassingAgent& operator=(const PassingAgent&) = delete;
  ~PassingAgent();

 private:
  std::string home_;
  bool was_there_;
};

}  // namespace zegel::seal
