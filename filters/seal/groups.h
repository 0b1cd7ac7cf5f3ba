#pragma once

#include <string>
#include <vector>

#include "decide/plan.h"
#include "mail/message.h"
#include "mail/structure.h"
#include "seal/sealer.h"

namespace zegel::seal {

/// Recipients who can share one copy: all visible to each other, all to be served alike.
struct Group {
  decide::Send send;  ///< of the first; `keys` are those of all
  std::string rule;
  std::vector<mail::Recipient> recipients;
  Secret password;  ///< of a zip
};

/// Divides the plan's Sends. Error: an agreed password that is not there.
[[nodiscard]] Result<std::vector<Group>> group(const decide::Plan&, const mail::Message&, const mail::Structure&,
                                               const SealContext&);

}  // namespace zegel::seal
