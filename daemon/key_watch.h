#pragma once

#include <mutex>
#include <optional>

#include "core/time.h"
#include "seal/keys.h"

namespace zegel {

/// Says in the log which keys end within 30 days: when first asked, and once a day from then on, however often it is
/// asked. From the second day on also which revocation lists are out of date, which loading them said on the first.
/// Thread-safe.
class KeyWatch {
 public:
  void look(const seal::Keys&, Time now);

 private:
  std::mutex mutex_;
  std::optional<Time> last_;
};

}  // namespace zegel
