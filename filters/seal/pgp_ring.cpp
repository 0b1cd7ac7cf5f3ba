#include "seal/pgp_ring.h"

#include <algorithm>
#include <filesystem>

#include "seal/contains.h"
#include "seal/day.h"
#include "seal/files.h"
#include "seal/pgp_listing.h"

namespace zegel::seal {

Time PgpKey::ends() const {
  Time last = Time::min();
  for (const PgpSubkey& subkey : subkeys) last = std::max(last, subkey.expires);
  return std::min(last, expires);
}

std::string PgpKey::why_not(Time now) const {
  if (!flaw.empty()) return flaw;
  if (now > expires) return "expired on " + day(expires);
  if (now > ends()) return "its encryption subkey expired on " + day(ends());
  if (now < created) return "not valid before " + day(created);
  return {};
}

bool PgpKey::can_sign(Time now) const { return secret && !revoked && now >= created && now <= signs_until; }

std::string PgpKey::description() const {
  std::string names;
  for (const mail::Mailbox& address : addresses) names += (names.empty() ? "" : ", ") + address.address();
  const std::string until = ends() == Time::max() || subkeys.empty() ? "" : ", until " + day(ends());
  return "PGP key of " + (names.empty() ? "nobody" : names) + ", " + algorithm + until;
}

PgpRing PgpRing::read(const std::string& home, std::vector<std::string>& problems) {
  PgpRing ring;
  std::error_code error;
  const auto what = home.empty() ? std::filesystem::file_type::not_found : std::filesystem::status(home, error).type();
  if (what == std::filesystem::file_type::not_found) return ring;
  auto keys = what == std::filesystem::file_type::directory
                  ? list_ring(home, ring.unreadable_)
                  : Result<std::vector<PgpKey>>(fail("it is not a folder that can be looked into"));
  if (keys) {
    for (PgpKey& key : *keys) ring.add(std::move(key));
  } else {
    ring.unreadable_ = problem_in(home, keys.error().why, "is it a GnuPG home, and this user's own?");
  }
  if (!ring.unreadable_.empty()) problems.push_back(ring.unreadable_);
  return ring;
}

void PgpRing::add(PgpKey key) {
  for (const mail::Mailbox& address : key.addresses) by_address_.emplace(mail::folded(address), keys_.size());
  for (const mail::Mailbox& label : key.labels) by_label_.emplace(mail::folded(label), keys_.size());
  by_fingerprint_.emplace(key.fingerprint, keys_.size());
  keys_.push_back(std::move(key));
}

std::vector<const PgpKey*> PgpRing::find(const mail::Mailbox& mailbox) const {
  std::vector<const PgpKey*> exact;
  std::vector<const PgpKey*> similar;
  const auto [begin, end] = by_address_.equal_range(mail::folded(mailbox));
  for (auto it = begin; it != end; ++it) {
    const PgpKey& key = keys_[it->second];
    if (contains(similar, &key)) continue;
    similar.push_back(&key);
    if (contains(key.addresses, mailbox)) exact.push_back(&key);
  }
  return exact.empty() ? similar : exact;
}

std::vector<const PgpKey*> PgpRing::find_label(const mail::Mailbox& mailbox) const {
  std::vector<const PgpKey*> found;
  const auto [begin, end] = by_label_.equal_range(mail::folded(mailbox));
  for (auto it = begin; it != end; ++it) {
    if (!contains(found, &keys_[it->second])) found.push_back(&keys_[it->second]);
  }
  return found;
}

const PgpKey* PgpRing::by_fingerprint(const std::string& fingerprint) const {
  const auto found = by_fingerprint_.find(fingerprint);
  return found == by_fingerprint_.end() ? nullptr : &keys_[found->second];
}

const PgpKey* PgpRing::signer(const mail::Mailbox& sender, Time now) const {
  for (const PgpKey* key : find(sender)) {
    if (key->can_sign(now)) return key;
  }
  return nullptr;
}

}  // namespace zegel::seal
