#include "seal/pgp_check.h"

#include <algorithm>

#include "seal/contains.h"
#include "seal/packets.h"
#include "seal/pgp_ring.h"

namespace zegel::seal {

namespace {

constexpr char seipd_version = 1;

/// Takes the key that the packet names out of `missing`.
bool strike(std::vector<const PgpKey*>& missing, const pgp::Packet& packet) {
  const std::string id = pgp::recipient_of(packet);
  const auto named =
      std::ranges::find_if(missing, [&](const PgpKey* key) { return contains(key->subkeys, id, &PgpSubkey::id); });
  if (id.empty() || named == missing.end()) return false;
  missing.erase(named);
  return true;
}

}  // namespace

Result<void> check_message(std::string_view binary, const std::vector<const PgpKey*>& recipients, std::size_t least) {
  const auto all = pgp::packets(binary);
  if (!all) return std::unexpected(all.error());
  const pgp::Packet& last = all->back();
  if (last.tag != pgp::Tag::seipd || !last.body.starts_with(seipd_version))
    return fail("no integrity-protected data at its end");
  if (last.size < least) return fail("less in it than was put in");
  std::vector<const PgpKey*> missing = recipients;
  for (auto packet = all->begin(); packet != all->end() - 1; ++packet) {
    if (!strike(missing, *packet)) return fail("a packet that was not asked for, or a key that was not meant");
  }
  if (!missing.empty()) return fail("a recipient's key is missing");
  return {};
}

}  // namespace zegel::seal
