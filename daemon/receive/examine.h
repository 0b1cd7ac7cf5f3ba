#pragma once

#include <expected>
#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/secret.h"
#include "core/time.h"
#include "decide/plan.h"
#include "mail/envelope.h"
#include "mail/message.h"
#include "mail/structure.h"
#include "receive/snapshot.h"
#include "seal/sealer.h"
#include "smtp/reply.h"
#include "store/store.h"

namespace zegel::receive {

/// The message goes back to the office server, which tells the sender.
struct Refused {
  smtp::Reply reply;      ///< without the reference, which whoever sends it adds
  std::string reason;     ///< one word for the log: `unreadable`, `sender`, `no-way-to-seal`, …
  std::string recipient;  ///< whom it is about, or empty
  std::string why;        ///< for the administrator
};

/// The message waits for a person.
struct MustWait {
  std::string why;
  std::string suggestion;  ///< an address that may have been meant, or empty
  std::string recipient;
};

using Copies = std::vector<seal::Copy>;

/// What becomes of one message.
struct Examination {
  decide::Plan plan;  ///< empty when the message was refused before deciding
  std::variant<Copies, MustWait, Refused> outcome;
};

/// What examining must ask the world; everything else is in the snapshot.
struct World {
  Time now;
  std::string reference;
  /// Agreed zip passwords, however old. Called on the examining thread.
  std::function<std::optional<store::AgreedPassword>(const mail::Mailbox&)> agreed_password;
  /// A recipient at whom a person must look first; it waits only once it is sure that it can be sealed for all.
  std::optional<MustWait> doubt = {};
};

/// The first half: may it be sent by this sender, and what must be done for each recipient. `world.doubt` plays no
/// part.
[[nodiscard]] std::expected<decide::Plan, Refused> judge(const Snapshot&, const mail::Envelope&, const mail::Message&,
                                                         const mail::Structure&, const World&);

/// From octets to sealed copies: is it readable, may it be sent by this sender, what must be done for each recipient,
/// is it done. No side effects but the sealing itself, so `zegel seal` and `zegel explain` run what the daemon runs.
/// Thread-safe.
[[nodiscard]] Examination examine(const Snapshot&, const mail::Envelope&, const mail::Message&, const World&);

}  // namespace zegel::receive
