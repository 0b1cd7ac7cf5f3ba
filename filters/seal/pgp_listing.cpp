#include "seal/pgp_listing.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <new>
#include <optional>

#include "core/random.h"
#include "core/text.h"
#include "seal/contains.h"
#include "seal/files.h"
#include "seal/gpgme.h"
#include "seal/labels.h"
#include "seal/packets.h"
#include "seal/ring_file.h"

namespace zegel::seal {

namespace {

constexpr unsigned least_bits = 2048;

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

/// Elgamal is as strong as RSA of the same length.
bool is_short(const gpgme_subkey_t subkey) {
  constexpr std::array by_length{GPGME_PK_RSA, GPGME_PK_RSA_E, GPGME_PK_ELG, GPGME_PK_ELG_E};
  return contains(by_length, subkey->pubkey_algo) && subkey->length < least_bits;
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
    } else if (is_short(subkey)) {
      why = algorithm_of(subkey) + " is too short";
    } else {
      taken.subkeys.push_back({text::upper(subkey->keyid), time_of(subkey->expires)});
      taken.algorithm = algorithm_of(subkey);
    }
  }
  if (taken.subkeys.empty() && taken.flaw.empty()) taken.flaw = why;
}

/// Until when a signature can be made: gpg takes any subkey that may sign, or the primary key.
Time signs_until(const gpgme_key_t key) {
  Time last = Time::min();
  for (gpgme_subkey_t subkey = key->subkeys; subkey != nullptr; subkey = subkey->next) {
    const bool gone = subkey->revoked != 0 || subkey->disabled != 0 || subkey->invalid != 0;
    if (subkey->can_sign != 0 && !gone) last = std::max(last, time_of(subkey->expires));
  }
  return std::min(last, time_of(key->subkeys->expires));
}

void take_addresses(PgpKey& taken, const gpgme_key_t key) {
  for (gpgme_user_id_t uid = key->uids; uid != nullptr; uid = uid->next) {
    const bool gone = key->revoked == 0 && (uid->revoked != 0 || uid->invalid != 0);  // all are, of a revoked key
    if (gone || uid->address == nullptr) continue;
    if (auto mailbox = mail::parse_mailbox(uid->address)) taken.addresses.push_back(std::move(*mailbox));
  }
  for (gpgme_user_id_t uid = key->uids; uid != nullptr; uid = uid->next) {
    for (const char* label : {uid->name, uid->comment}) {
      auto found = labelled(label == nullptr ? "" : label, taken.addresses);
      std::ranges::move(found, std::back_inserter(taken.labels));
    }
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
  taken.signs_until = signs_until(key);
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

/// A ring of what gpg can read, gone when it was looked at.
class Readable {
 public:
  Readable(const PgpHome& home, std::string_view octets)
      : name_("readable-" + text::hex(random_bytes(8))),
        path_(home.path + "/" + name_),
        made_(with_ring(home, name_, octets)) {}
  Readable(const Readable&) = delete;
  Readable& operator=(const Readable&) = delete;
  ~Readable() {
    std::error_code error;
    for (const char* ending : {"", ".gpg", ".gpg~"}) std::filesystem::remove(path_ + ending, error);
  }
  [[nodiscard]] const Result<PgpHome>& home() const { return made_; }

 private:
  std::string name_, path_;
  Result<PgpHome> made_;
};

PgpKey take(ForeignKey foreign) {
  PgpKey taken;
  taken.fingerprint = std::move(foreign.fingerprint);
  taken.addresses = std::move(foreign.addresses);
  taken.algorithm = "version " + std::to_string(foreign.version);
  taken.flaw = "it is a version " + std::to_string(foreign.version) + " key: only version 4 can be used here";
  return taken;
}

Result<std::vector<PgpKey>> read_keys(const PgpHome& home) {
  const auto context = open_context(home);
  if (!context) return std::unexpected(context.error());
  auto keys = list(context->get(), false);
  const bool any_secret = !files_in(home.path + "/private-keys-v1.d").empty();
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

/// gpg says nothing of a key at which it gives up, nor of those after it.
std::string missing(std::size_t read, const std::string& path, const RingFile& before) {
  if (read >= before.ours) return {};
  const auto again = read_ring_file(path);
  if (again && read >= again->ours) return {};  // one was removed meanwhile
  return problem_in(
      path, "gpg reads only " + std::to_string(read) + " of the " + std::to_string(before.ours) + " keys of this ring",
      "see gpg --homedir " + path + " --list-keys, and restore the ring from a backup");
}

}  // namespace

Result<std::vector<PgpKey>> list_ring(const std::string& path, std::string& missed) {
  auto file = read_ring_file(path);
  if (!file) return std::unexpected(file.error());
  if (file->ours == 0 && file->foreign.empty()) return std::vector<PgpKey>();
  const auto home = prepare_home(path);
  if (!home) return std::unexpected(home.error());
  std::optional<Readable> readable;
  if (!file->foreign.empty()) readable.emplace(*home, file->readable);
  const Result<PgpHome>& seen = readable ? readable->home() : home;
  auto keys = seen ? read_keys(*seen) : Result<std::vector<PgpKey>>(std::unexpected(seen.error()));
  if (!keys) return keys;
  missed = missing(keys->size(), path, *file);
  for (ForeignKey& foreign : file->foreign) keys->push_back(take(std::move(foreign)));
  return keys;
}

}  // namespace zegel::seal
