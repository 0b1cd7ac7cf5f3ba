#pragma once

#include <expected>
#include <functional>
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

/// Why nothing could be fetched.
struct NotFetched {
  std::string why;
  bool no_such_host = false;
};

/// Gives what stands at a URL.
using WebFetch = std::function<std::expected<std::string, NotFetched>(const std::string& url)>;

/// Asks the advanced place; the direct one only where the advanced host does not exist, never because it has no key or
/// cannot be reached: else whoever can cut a line could choose the answer.
[[nodiscard]] std::expected<std::string, NotFetched> fetch_web_key(const WebKeyPlaces&, const WebFetch&);

/// The keys among `bytes` (binary, as a directory gives them; armour is taken too) that name exactly this mailbox,
/// without their other names: fit for import_keys. Error: there is none, or no OpenPGP data at all. At most 256 KB.
[[nodiscard]] Result<std::string> web_keys_of(std::string_view bytes, const mail::Mailbox&);

/// z-base-32, as the directory writes its names.
[[nodiscard]] std::string z_base32(std::string_view bytes);

}  // namespace zegel::seal
