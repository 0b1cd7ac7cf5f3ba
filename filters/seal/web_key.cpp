#include "seal/web_key.h"

#include <cstdint>
#include <vector>

#include "core/text.h"
#include "seal/armor.h"
#include "seal/packets.h"
#include "seal/sha1.h"

namespace zegel::seal {

namespace {

constexpr std::size_t most_bytes = std::size_t{256} * 1024;

/// `local` as the value of a query: everything but letters, digits and -._~ escaped (RFC 3986 2.1).
std::string escaped(std::string_view local) {
  std::string out;
  for (const char c : local) {
    if (text::is_alnum(c) || std::string_view("-._~").contains(c)) {
      out += c;
    } else {
      out += "%" + text::upper(text::hex({&c, 1}));
    }
  }
  return out;
}

/// The address in a user id: between the last angle brackets, or all of it.
std::string_view address_in(std::string_view user_id) {
  const std::size_t open = user_id.rfind('<');
  const std::size_t close = user_id.rfind('>');
  if (open == std::string_view::npos || close == std::string_view::npos || close < open) return text::trim(user_id);
  return user_id.substr(open + 1, close - open - 1);
}

bool names(const pgp::Packet& packet, const mail::Mailbox& mailbox) {
  if (packet.tag != pgp::Tag::user_id) return false;
  const auto named = mail::parse_mailbox(address_in(packet.body));
  return named && mail::folded(*named) == mail::folded(mailbox);
}

/// The packets of one key, and whether a user id of it is the one that was looked for.
struct Found {
  std::string octets;
  bool named = false;
  bool kept = true;  ///< what comes now: the signatures on a name go with it
};

/// A directory speaks for the people of its own domain only: other names that stand on the key are left out, or whoever
/// keeps it could give a key to anybody.
void add(Found& key, const pgp::Packet& packet, const mail::Mailbox& mailbox) {
  if (packet.tag != pgp::Tag::signature) {
    const bool name = packet.tag == pgp::Tag::user_id || packet.tag == pgp::Tag::user_attribute;
    key.kept = !name || names(packet, mailbox);
    key.named = key.named || (name && key.kept);
  }
  if (key.kept) key.octets += packet.whole;
}

}  // namespace

std::string z_base32(std::string_view bytes) {
  constexpr std::string_view alphabet = "ybndrfg8ejkmcpqxot1uwisza345h769";
  std::string out;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : bytes) {
    bits = bits << 8 | static_cast<unsigned char>(c);
    for (count += 8; count >= 5; count -= 5) out += alphabet[bits >> (count - 5) & 31];
  }
  if (count > 0) out += alphabet[bits << (5 - count) & 31];
  return out;
}

WebKeyPlaces web_key_places(const mail::Mailbox& mailbox) {
  const std::string name = z_base32(sha1(text::lower(mailbox.local)));
  const std::string end = "hu/" + name + "?l=" + escaped(mailbox.local);
  const std::string path = "/.well-known/openpgpkey/";
  return {"https://openpgpkey." + mailbox.domain + path + mailbox.domain + "/" + end,
          "https://" + mailbox.domain + path + end};
}

std::expected<std::string, NotFetched> fetch_web_key(const WebKeyPlaces& places, const WebFetch& fetch) {
  auto bytes = fetch(places.advanced);
  return !bytes && bytes.error().no_such_host ? fetch(places.direct) : bytes;
}

Result<std::string> web_keys_of(std::string_view bytes, const mail::Mailbox& mailbox) {
  if (bytes.size() > most_bytes) return fail("more than a directory should give");
  const auto binary =
      bytes.contains("-----BEGIN PGP ") ? pgp::dearmor(bytes, "PUBLIC KEY BLOCK") : Result<std::string>(bytes);
  const auto packets =
      binary ? pgp::packets(*binary) : Result<std::vector<pgp::Packet>>(std::unexpected(binary.error()));
  if (!packets) return std::unexpected(packets.error());
  std::vector<Found> keys;
  for (const pgp::Packet& packet : *packets) {
    if (packet.tag == pgp::Tag::public_key) keys.emplace_back();
    if (packet.tag == pgp::Tag::secret_key || keys.empty()) return fail("no public PGP key");
    add(keys.back(), packet, mailbox);
  }
  std::string fit;
  for (const Found& key : keys) fit += key.named ? key.octets : "";
  if (fit.empty()) return fail("no key in it names " + mailbox.address());
  return fit;
}

}  // namespace zegel::seal
