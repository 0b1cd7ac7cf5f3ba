#pragma once

#include <memory>
#include <mutex>

#include "check/known_recipients.h"
#include "receive/snapshot.h"
#include "store/store.h"

namespace zegel {

/// Loads the keys that the settings name and readies the PGP engine; what is wrong with single keys is logged. Throws
/// std::runtime_error when nothing can be sealed at all.
[[nodiscard]] std::shared_ptr<const receive::Snapshot> make_snapshot(config::Settings);

/// What the gateway works with and a reload replaces: settings, keys, the sealer. All or nothing. Thread-safe.
class Materials {
 public:
  /// Loads the keys and starts the PGP engine. Throws std::runtime_error with what is wrong.
  explicit Materials(config::Settings);

  [[nodiscard]] std::shared_ptr<const receive::Snapshot> current() const;
  /// Valid until the next reload, which happens on the caller's strand.
  [[nodiscard]] const config::Settings& settings() const { return *current()->settings; }

  /// Reads the config again and everything that it names. False: something is wrong, it was logged, the old stays.
  bool reload();

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const receive::Snapshot> current_;
};

/// Opens state.dir's store, or throws with the reason.
[[nodiscard]] std::unique_ptr<store::Store> open_store(const config::Settings&);

/// The allowlist files, the shipped providers and what the store learned.
[[nodiscard]] std::unique_ptr<check::KnownRecipients> load_known(const config::Settings&, store::Store&);
void replace_known(check::KnownRecipients&, const config::Settings&, store::Store&);

}  // namespace zegel
