#pragma once

#include <optional>
#include <string>
#include <vector>

#include "config/settings.h"
#include "core/result.h"
#include "notify/notify.h"
#include "receive/examine.h"
#include "receive/gatehouse.h"
#include "store/store.h"

namespace zegel::receive {

/// Who the message is from and how it came, for everything that is written about it.
struct Arrival {
  Client client;
  mail::Envelope envelope;
  std::string reference;
  std::string message_id;  ///< of the original, printable, at most 250 octets; or empty
  std::uint64_t size = 0;
  Time at;
};

/// A submission with the arrival's facts and nothing to send yet.
[[nodiscard]] store::Submission begin_submission(const Arrival&);

/// The head of every notice to the sender. Only where there is a sender in the office.
[[nodiscard]] notify::Letterhead letterhead(const Arrival&, const config::Settings&);

/// Adds the copies to what the store shall keep; and for each zip with a new password a notice to the sender in the
/// office, and the password itself for `zegel password show`.
void add_copies(store::Submission&, const Arrival&, const config::Settings&, Copies&&);

/// Whether a password goes by zip.command, so that hand_over_passwords has something to do.
[[nodiscard]] bool has_passwords_to_hand_over(const Copies&);

/// Passwords that go by zip.command rather than by a notice go now, before anything is sent. Blocks. When that fails:
/// why, and the message waits.
[[nodiscard]] std::optional<MustWait> hand_over_passwords(const config::Settings&, const std::string& reference,
                                                          const Copies&);

/// Adds a notice to the sender, sent by way of the office.
void add_notice(store::Submission&, const mail::Mailbox& to, seal::Sealed, const config::Settings&);

}  // namespace zegel::receive
