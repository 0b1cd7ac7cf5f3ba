#include "seal/pgp_ring.h"

#include <algorithm>
#include <filesystem>
#include <new>

#include "core/text.h"
#include "seal/contains.h"
#include "seal/day.h"
#include "seal/files.h"
#include "seal/gpgme.h"
#include "seal/packets.h"

namespace zegel::seal {

namespace {

constexpr unsigned least_rsa_bits = 2048;

Time time_of(long stamp) { return stamp <= 0 ? Time::max() : Time(seconds(stamp)); }

std::string algorithm_of(const gpgme_subkey_t subkey) {
  const std::string curve = subkey->curve == nullptr ? "" : subkey->curve;
  if (curve == "cv25519" || curve == "ed25519") return "Curve25519";
  if (curve == "nistp256") return "P-256";
  if (curve == "nistp384") return "P-384";
  if (curve == "nistp521") return "P-521";
  if (!curve.empty()) return curve;
  const char* name = gpgme_pubkey_algo_name(subkey->pubkey_algo);
  return (name == nullptr ? "unknown" : std::string(name)) + "-" + std::to_string(subkey->length);
}

bool is_short_rsa(const gpgme_subkey_t subkey) {
  const bool rsa = subkey->pubkey_algo == GPGME_PK_RSA || subkey->pubkey_algo == GPGME_PK_RSA_E;
  return rsa && subkey->length < least_rsa_bits;
}

/// What is wrong with the key as a whole, whatever its subkeys.
std::string flaw_of(const gpgme_key_t key) {
  if (key->revoked != 0) return "revoked";
  if (key->disabled != 0) return "disabled";
  if (key->invalid != 0) return "it has no valid self-signature";
  return {};
}

/// Collects the subkeys to encrypt to; says why where there is none.
void take_subkeys(PgpKey& taken, const gpgme_key_t key) {
  std::string why = "it is for signing only (no encryption subkey)";
  for (gpgme_subkey_t subkey = key->subkeys; subkey != nullptr; subkey = subkey->next) {
    if (subkey->can_encrypt == 0) continue;
    if (subkey->revoked != 0) {
      why = "its encryption subkey is revoked";
    } else if (subkey->disabled != 0 || subkey->invalid != 0) {
      why = "its encryption subkey is not valid";
    } else if (is_short_rsa(subkey)) {
      why = algorithm_of(subkey) + " is too short";
    } else {
      taken.subkeys.push_back({text::upper(subkey->keyid), time_of(subkey->expires)});
      taken.algorithm = algorithm_of(subkey);
    }
  }
  if (taken.subkeys.empty() && taken.flaw.empty()) taken.flaw = why;
}

void take_addresses(PgpKey& taken, const gpgme_key_t key) {
  for (gpgme_user_id_t uid = key->uids; uid != nullptr; uid = uid->next) {
    const bool gone = key->revoked == 0 && (uid->revoked != 0 || uid->invalid != 0);  // all are, of a revoked key
    if (gone || uid->address == nullptr) continue;
    if (auto mailbox = mail::parse_mailbox(uid->address)) taken.addresses.push_back(std::move(*mailbox));
  }
  if (taken.addresses.empty() && taken.flaw.empty()) taken.flaw = "it names no e-mail address";
}

PgpKey take(const gpgme_key_t key) {
  PgpKey taken;
  taken.fingerprint = text::upper(key->fpr);
  taken.created = Time(seconds(key->subkeys->timestamp));
  taken.expires = time_of(key->subkeys->expires);
  taken.algorithm = algorithm_of(key->subkeys);
  taken.revoked = key->revoked != 0;
  taken.flaw = flaw_of(key);
  take_subkeys(taken, key);
  take_addresses(taken, key);
  return taken;
}

/// Every key of one listing.
Result<std::vector<PgpKey>> list(gpgme_ctx_t context, bool secret) {
  std::vector<PgpKey> keys;
  gpgme_error_t error = gpgme_op_keylist_start(context, nullptr, secret ? 1 : 0);
  while (error == 0) {
    gpgme_key_t next = nullptr;
    error = gpgme_op_keylist_next(context, &next);
    const GpgKey owned(next);
    if (error == 0 && next->subkeys != nullptr && next->fpr != nullptr) keys.push_back(take(next));
  }
  gpgme_op_keylist_end(context);
  if (gpgme_err_code(error) != GPG_ERR_EOF) return fail("the keyring cannot be listed: " + reason_of(error));
  return keys;
}

/// Each key's own packets, by fingerprint.
using Octets = std::unordered_map<std::string, std::string>;

Result<Octets> exported(gpgme_ctx_t context) {
  gpgme_data_t made = nullptr;
  if (gpgme_data_new(&made) != 0) throw std::bad_alloc();
  const gpgme_error_t error = gpgme_op_export(context, nullptr, 0, made);
  std::size_t size = 0;
  const Handle<char, gpgme_free> bytes(gpgme_data_release_and_get_mem(made, &size));
  if (error != 0) return fail("the keyring cannot be exported: " + reason_of(error));
  Octets octets;
  if (size == 0) return octets;
  const auto all = pgp::packets({bytes.get(), size}, pgp::packets_of_a_ring);
  if (!all) return std::unexpected(all.error());
  std::string* current = nullptr;
  for (const pgp::Packet& packet : *all) {
    if (packet.tag == pgp::Tag::public_key) current = &octets[pgp::fingerprint_of(packet)];
    if (current != nullptr) *current += packet.whole;
  }
  return octets;
}

Result<std::vector<PgpKey>> read_keys(const std::string& path) {
  const auto home = prepare_home(path);
  if (!home) return std::unexpected(home.error());
  const auto context = open_context(*home);
  if (!context) return std::unexpected(context.error());
  auto keys = list(context->get(), false);
  const bool any_secret = !files_in(path + "/private-keys-v1.d").empty();
  const auto secret = keys && any_secret ? list(context->get(), true) : Result<std::vector<PgpKey>>();
  auto octets =
      keys && secret ? exported(context->get()) : Result<Octets>(std::unexpected((keys ? secret : keys).error()));
  if (!octets) return std::unexpected(octets.error());
  for (PgpKey& key : *keys) {
    key.octets = std::move((*octets)[key.fingerprint]);
    key.secret = contains(*secret, key.fingerprint, &PgpKey::fingerprint);
    if (key.octets.empty() && key.flaw.empty()) key.flaw = "it is not a version 4 key";
  }
  return keys;
}

}  // namespace

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

bool PgpKey::can_sign(Time now) const { return secret && !revoked && now >= created && now <= expires; }

std::string PgpKey::description() const {
  std::string names;
  for (const mail::Mailbox& address : addresses) names += (names.empty() ? "" : ", ") + address.address();
  const std::string until = ends() == Time::max() || subkeys.empty() ? "" : ", until " + day(ends());
  return "PGP key of " + (names.empty() ? "nobody" : names) + ", " + algorithm + until;
}

PgpRing PgpRing::read(const std::string& home, std::vector<std::string>& problems) {
  PgpRing ring;
  std::error_code error;
  if (home.empty() || !std::filesystem::is_directory(home, error)) return ring;
  auto keys = read_keys(home);
  if (!keys) {
    problems.push_back(problem_in(home, keys.error().why, "is it a GnuPG home, and this user's own?"));
    return ring;
  }
  for (PgpKey& key : *keys) ring.add(std::move(key));
  return ring;
}

void PgpRing::add(PgpKey key) {
  for (const mail::Mailbox& address : key.addresses) by_address_.emplace(mail::folded(address), keys_.size());
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
