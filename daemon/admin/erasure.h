#pragma once

#include <string>
#include <vector>

#include "mail/mailbox.h"
#include "receive/snapshot.h"

/// What `zegel forget` does outside the store.
namespace zegel::admin {

/// Takes the certificates and PGP keys away that name nobody else; gives how many. One that names others too stays, and
/// `kept` says so.
std::size_t forget_keys(const receive::Snapshot&, const mail::Mailbox&, std::vector<std::string>& kept);

/// Where the address stands in files that are not Zegel's to change, each with what to do: the config, the allowlists,
/// the log. `address` is folded.
void what_others_keep(const config::Settings&, const std::string& address, std::vector<std::string>& kept);

}  // namespace zegel::admin
