#pragma once

#include <memory>
#include <mutex>
#include <optional>

#include "check/known_recipients.h"
#include "check/weights.h"
#include "core/result.h"
#include "core/secret.h"
#include "receive/snapshot.h"
#include "store/store.h"

namespace zegel {

/// Loads the keys and cover texts that the settings name and readies the PGP engine; what is wrong with single keys is
/// logged. Throws std::runtime_error when nothing can be sealed at all, and with all that is wrong with cover texts.
[[nodiscard]] std::shared_ptr<const receive::Snapshot> make_snapshot(config::Settings);

/// Reads a config again. Throws std::runtime_error with all that is wrong with it, or that a secret is open to all.
[[nodiscard]] config::Settings load_again(const std::string& file);

/// What the gateway works with and a reload replaces as a whole: settings, keys, the sealer. Thread-safe.
class Materials {
 public:
  explicit Materials(std::shared_ptr<const receive::Snapshot> first) : current_(std::move(first)) {}

  [[nodiscard]] std::shared_ptr<const receive::Snapshot> current() const;
  void put(std::shared_ptr<const receive::Snapshot>);
  /// Valid until the next put, which happens on the caller's thread.
  [[nodiscard]] const config::Settings& settings() const { return *current()->settings; }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const receive::Snapshot> current_;
};

/// The store key that stands in `credentials/store.key` beside the config, or was handed over by systemd; nothing when
/// it is with the store. Throws std::runtime_error when it is there and cannot be read.
[[nodiscard]] std::optional<Secret> given_store_key(const config::Settings&);

/// Opens state.dir's store, or throws with the reason.
[[nodiscard]] std::unique_ptr<store::Store> open_store(const config::Settings&, std::optional<Secret> key);

/// The prices of the recipient check, with what recipients.weights says otherwise. Error: a name that is none, with its
/// place and the one that was meant.
[[nodiscard]] Result<check::Weights> weights_of(const config::Settings&);

/// Everything that counts as known: the office's own domains, the allowlist files, the shipped providers, what the
/// store learned. Throws std::runtime_error when a file cannot be read or holds something grave.
[[nodiscard]] std::shared_ptr<const check::Index> build_index(const config::Settings&, store::Store&);

}  // namespace zegel
