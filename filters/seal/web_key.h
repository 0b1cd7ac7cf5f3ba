#pragma once

#include <string>
#include <string_view>

#include "core/result.h"
#include "mail/mailbox.h"

/// Web Key Directory (draft-koch-openpgp-webkey-service): where a domain keeps its users' PGP keys. Only what can be
/// reckoned; fetching is the command's.
namespace zegel::seal {

struct WebKeyPlaces {
  std::string advanced;  ///< https://openpgpkey.DOMAIN/…: to be tried first
  std::string direct;    ///< https://DOMAIN/…: only where that host does not exist
};

[[nodiscard]] WebKeyPlaces web_key_places(const mail::Mailbox&);

/// The keys among `bytes` (binary, as a directory gives them; armour is taken too) that name exactly this mailbox: fit
/// for import_keys. Error: there is none, or no OpenPGP data at all. At most 256 KB.
[[nodiscard]] Result<std::string> web_keys_of(std::string_view bytes, const mail::Mailbox&);

/// z-base-32, as the directory writes its names.
[[nodiscard]] std::string z_base32(std::string_view bytes);

}  // namespace zegel::seal
