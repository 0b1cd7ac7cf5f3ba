#pragma once

#include <optional>
#include <string>
#include <vector>

#include "decide/decide.h"
#include "decide/policy.h"

namespace zegel::decide {

/// All that one recipient's ladder is climbed with.
struct Climb {
  const Policy& policy;
  const Facts& facts;
  const config::Settings& settings;
  const Directory& directory;
  const std::optional<mail::Mailbox>& sender;
  const mail::Mailbox& recipient;
  Time now;
};

/// One rung: whether its method can be done, with which keys, or why not.
struct Attempt {
  Rung rung;
  std::vector<std::string> keys = {};
  bool nothing_to_lock = false;
  bool unknown = false;    ///< nobody can say whether it can be done: the ladder ends here
  bool ambiguous = false;  ///< not done because the message can be read in two ways
  std::string brief = {};  ///< the reason for the sender's reply: short ASCII, no fingerprints
};

[[nodiscard]] Attempt attempt(Method, const Climb&);

}  // namespace zegel::decide
