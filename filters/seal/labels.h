#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "mail/mailbox.h"

/// What stands in a key's label: a certificate's subject, the name in a PGP user id. Anybody can write anything there,
/// so nothing is ever encrypted because of it; but whoever looks for a key there is told why it is not used.
namespace zegel::seal {

/// The addresses in `label` that are none of `addresses`, in any case of A–Z.
[[nodiscard]] std::vector<mail::Mailbox> labelled(std::string_view label, const std::vector<mail::Mailbox>& addresses);

/// Why a key that only its label gives to somebody is not used for him.
[[nodiscard]] std::string only_by_label(const std::vector<mail::Mailbox>& addresses, std::string_view label);

}  // namespace zegel::seal
