#include "seal/pgp_import.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>

#include "core/text.h"
#include "seal/armor.h"
#include "seal/contains.h"
#include "seal/day.h"
#include "seal/files.h"
#include "seal/gpgme.h"
#include "seal/keybox.h"
#include "seal/packets.h"
#include "seal/pgp_ring.h"
#include "seal/ring_file.h"

namespace zegel::seal {

namespace {

constexpr std::size_t most_bytes = 10U << 20;
constexpr unsigned known_version = 4;

/// A home that is gone when it was looked at.
class Scratch {
 public:
  Scratch() : path_((std::filesystem::temp_directory_path() / "zegel-keys-XXXXXX").string()) {
    if (::mkdtemp(path_.data()) == nullptr) throw std::runtime_error("no temporary folder for a scratch keyring");
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch() {
    std::error_code error;
    std::filesystem::remove_all(path_, error);
  }
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

/// All key blocks of the file, binary.
Result<std::string> binary_of(std::string_view bytes) {
  constexpr std::string_view begin = "-----BEGIN PGP ";
  constexpr std::string_view end = "-----END PGP ";
  if (!bytes.contains(begin)) return std::string(bytes);
  std::string binary;
  for (std::size_t at = bytes.find(begin); at != std::string_view::npos; at = bytes.find(begin, at + 1)) {
    const std::size_t last = bytes.find('\n', std::min(bytes.find(end, at), bytes.size()));
    const std::string_view block = bytes.substr(at, last == std::string_view::npos ? last : last - at);
    const bool secret = block.starts_with("-----BEGIN PGP PRIVATE");
    const auto octets = pgp::dearmor(block, secret ? "PRIVATE KEY BLOCK" : "PUBLIC KEY BLOCK");
    if (!octets) return fail(octets.error().why);
    binary += *octets;
  }
  return binary;
}

bool is_key(const pgp::Packet& packet) {
  return packet.tag == pgp::Tag::public_key || packet.tag == pgp::Tag::secret_key;
}

/// What of a file gpg can be given.
struct Sorted {
  std::string readable;           ///< keys of version 4
  std::vector<Imported> refused;  ///< the others; gpg would refuse the whole file because of them
};

Sorted sort(const std::vector<pgp::Packet>& packets) {
  Sorted sorted;
  bool readable = false;
  for (const pgp::Packet& packet : packets) {
    if (is_key(packet)) {
      readable = pgp::version_of(packet) == known_version;
      if (!readable)
        sorted.refused.push_back({false,
                                  "a version " + std::to_string(pgp::version_of(packet)) +
                                      " key: only version 4 (RFC 4880) can be used here",
                                  pgp::fingerprint_of(packet)});
    }
    if (readable) sorted.readable += packet.whole;
  }
  return sorted;
}

Result<void> give(const std::string& path, std::string_view octets) {
  const auto home = prepare_home(path);
  const auto context = home ? open_context(*home) : Result<GpgContext>(std::unexpected(home.error()));
  if (!context) return std::unexpected(context.error());
  const GpgData data = reading_data(octets);
  const gpgme_error_t error = gpgme_op_import(context->get(), data.get());
  if (error != 0) return fail("gpg: " + reason_of(error));
  return sync_file(path + "/pubring.kbx");
}

Result<void> take_out(const std::string& path, const std::string& fingerprint) {
  const auto home = prepare_home(path);
  const auto context = home ? open_context(*home) : Result<GpgContext>(std::unexpected(home.error()));
  if (!context) return std::unexpected(context.error());
  gpgme_key_t found = nullptr;
  gpgme_error_t error = gpgme_get_key(context->get(), fingerprint.c_str(), &found, 0);
  const GpgKey key(found);
  if (error == 0) error = gpgme_op_delete_ext(context->get(), found, GPGME_DELETE_ALLOW_SECRET | GPGME_DELETE_FORCE);
  if (error != 0) return fail("gpg: " + reason_of(error));
  std::error_code none;
  for (const std::string& file :
       {"/recipients/" + fingerprint + ".gpg", "/signers/" + fingerprint + ".gpg", "/signers/" + fingerprint}) {
    std::filesystem::remove(path + file, none);
  }
  scrub_keybox(path + "/pubring.kbx");
  return sync_file(path + "/pubring.kbx");
}

/// The secret packets of one key of the file.
std::string secret_octets(const std::vector<pgp::Packet>& packets, const std::string& fingerprint) {
  std::string octets;
  bool within = false;
  for (const pgp::Packet& packet : packets) {
    if (is_key(packet)) within = packet.tag == pgp::Tag::secret_key && pgp::fingerprint_of(packet) == fingerprint;
    if (within) octets += packet.whole;
  }
  return octets;
}

/// Whether a signature can be made with it unattended.
Result<void> try_to_sign(const std::string& path, const std::string& fingerprint) {
  const auto home = prepare_home(path);
  const auto context = home ? open_context(*home) : Result<GpgContext>(std::unexpected(home.error()));
  if (!context) return std::unexpected(context.error());
  gpgme_key_t found = nullptr;
  gpgme_error_t error = gpgme_get_key(context->get(), fingerprint.c_str(), &found, 1);
  const GpgKey key(found);
  if (error == 0) error = gpgme_signers_add(context->get(), found);
  gpgme_data_t out = nullptr;
  if (error == 0) error = gpgme_data_new(&out);
  const GpgData signature(out);
  const GpgData words = reading_data("a try");
  if (error == 0) error = gpgme_op_sign(context->get(), words.get(), out, GPGME_SIG_MODE_DETACH);
  if (error != 0) return fail(reason_of(error));
  return {};
}

/// One import: our ring as it was, and what to do to it.
class Import {
 public:
  Import(const KeySources& sources, bool replace, Time now, const std::vector<pgp::Packet>& packets)
      : sources_(sources),
        replace_(replace),
        now_(now),
        packets_(packets),
        ring_(PgpRing::read(sources.pgp_home, problems_)) {}

  Imported take(const PgpKey& key) {
    if (!ring_.unreadable().empty()) return no(key, "whether there is another is unknown: " + ring_.unreadable());
    const std::string secret = secret_octets(packets_, key.fingerprint);
    const bool known = ring_.by_fingerprint(key.fingerprint) != nullptr;
    std::string why = key.why_not(now_);
    if (!secret.empty() && !of_the_office(key)) {
      why = "it holds a secret key, and is not of the office: ask its owner for the public key alone";
    }
    if (!why.empty() && !known) return no(key, why);
    const auto gone = rivals(key);
    if (!gone.empty() && !replace_) return no(key, held_back(key, *gone.front()));
    const bool with_secret = !secret.empty() && why.empty();
    if (auto given = give(sources_.pgp_home, with_secret ? secret : key.octets); !given)
      return no(key, given.error().why);
    Imported imported = with_secret ? signing(key) : Imported{why.empty(), key.description(), key.fingerprint};
    if (with_secret && !imported.ok) return imported;
    for (const PgpKey* rival : gone) {
      if (auto out = take_out(sources_.pgp_home, rival->fingerprint); !out) return no(key, out.error().why);
      gone_.push_back(rival);
    }
    return why.empty() ? imported : no(key, why + "; the key on file was brought up to date");
  }

 private:
  static Imported no(const PgpKey& key, const std::string& why) {
    return {false, key.description() + ": " + why, key.fingerprint};
  }

  [[nodiscard]] bool of_the_office(const PgpKey& key) const {
    return !key.addresses.empty() && std::ranges::all_of(key.addresses, [&](const mail::Mailbox& address) {
      return contains(sources_.office_domains, address.domain);
    });
  }

  Imported signing(const PgpKey& key) {
    if (auto tried = try_to_sign(sources_.pgp_home, key.fingerprint); !tried) {
      if (auto out = take_out(sources_.pgp_home, key.fingerprint); !out) return no(key, out.error().why);
      return no(key, "its secret key cannot sign unattended (" + tried.error().why +
                         "); take its passphrase off first: gpg --edit-key " + key.fingerprint + " passwd");
    }
    return {true, key.description() + ", with its secret key: its owner can sign", key.fingerprint};
  }

  /// What stands in the way of `key`: another one, without a flaw, that names one of its addresses.
  [[nodiscard]] std::vector<const PgpKey*> rivals(const PgpKey& key) const {
    std::vector<const PgpKey*> found;
    if (!key.flaw.empty()) return found;  // a revocation can only take trust away
    for (const mail::Mailbox& address : key.addresses) {
      for (const PgpKey* one : ring_.find(address)) {
        const bool other = one->fingerprint != key.fingerprint && one->flaw.empty();
        if (other && !contains(gone_, one) && !contains(found, one)) found.push_back(one);
      }
    }
    return found;
  }

  static std::string held_back(const PgpKey& key, const PgpKey& rival) {
    const auto shared = std::ranges::find_if(key.addresses, [&](const mail::Mailbox& address) {
      return std::ranges::any_of(rival.addresses,
                                 [&](const mail::Mailbox& its) { return mail::folded(its) == mail::folded(address); });
    });
    return "there is another key for " + shared->address() + " (" + rival.fingerprint +
           "); make sure that the new one is really theirs, then import with --replace";
  }

  const KeySources& sources_;
  bool replace_;
  Time now_;
  const std::vector<pgp::Packet>& packets_;
  std::vector<std::string> problems_;
  PgpRing ring_;
  std::vector<const PgpKey*> gone_;
};

}  // namespace

bool looks_like_pgp(std::string_view bytes) {
  return bytes.contains("-----BEGIN PGP ") || (!bytes.empty() && (bytes.front() & 0x80) != 0);
}

std::vector<Imported> import_pgp_keys(const KeySources& sources, std::string_view bytes, bool replace, Time now) {
  if (bytes.size() > most_bytes) return {{false, "too large for a file of keys", ""}};
  const auto binary = binary_of(bytes);
  const auto packets =
      binary ? pgp::packets(*binary) : Result<std::vector<pgp::Packet>>(std::unexpected(binary.error()));
  if (!packets) return {{false, packets.error().why, ""}};
  Sorted sorted = sort(*packets);
  std::vector<Imported> all = std::move(sorted.refused);
  if (sorted.readable.empty() && all.empty()) return {{false, "no PGP key in it", ""}};
  if (sorted.readable.empty()) return all;
  const Scratch scratch;
  if (auto given = give(scratch.path(), sorted.readable); !given) return {{false, given.error().why, ""}};
  std::vector<std::string> problems;
  const PgpRing found = PgpRing::read(scratch.path(), problems);
  if (found.keys().empty()) return {{false, "gpg takes no key from it: broken, or without a valid self-signature", ""}};
  Import import(sources, replace, now, *packets);
  for (const PgpKey& key : found.keys()) all.push_back(import.take(key));
  return all;
}

Result<std::string> remove_pgp_key(const KeySources& sources, std::string_view fingerprint) {
  std::vector<std::string> problems;
  const PgpRing ring = PgpRing::read(sources.pgp_home, problems);
  const PgpKey* key = ring.by_fingerprint(std::string(fingerprint));
  if (key == nullptr) return fail("no key has the fingerprint " + std::string(fingerprint));
  const auto dropped = drop_foreign(sources.pgp_home, key->fingerprint);
  if (!dropped) return std::unexpected(dropped.error());
  if (*dropped) return key->description();
  if (auto out = take_out(sources.pgp_home, key->fingerprint); !out) return std::unexpected(out.error());
  return key->description();
}

}  // namespace zegel::seal
