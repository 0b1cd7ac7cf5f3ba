#include "seal/smime_folder.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "core/secret_file.h"
#include "core/text.h"
#include "seal/bundle.h"
#include "seal/contains.h"
#include "seal/files.h"
#include "seal/packets.h"

namespace zegel::seal {

namespace {

constexpr std::string_view passphrase_ending = ".passphrase";

bool is_ours(const std::string& file) {
  return file.ends_with(passphrase_ending) || std::filesystem::path(file).filename() == pins_name;
}

Secret first_line(const std::string& path) {
  const auto bytes = read_secret(path);
  if (!bytes) return {};
  return Secret(std::string(bytes->reveal().substr(0, bytes->reveal().find_first_of("\r\n"))));
}

bool is_pgp(std::string_view bytes) { return bytes.contains("-----BEGIN PGP ") || pgp::packets(bytes).has_value(); }

struct Found {
  std::vector<std::pair<X509Handle, std::string>> certificates;
  std::vector<PkeyHandle> keys;
};

void read_into(Found& found, const std::string& file, std::vector<std::string>& problems) {
  const auto bytes = read_secret(file);
  auto bundle = bytes ? read_bundle(bytes->reveal(), [&] { return passphrase_beside(file); })
                      : Result<Bundle>(std::unexpected(bytes.error()));
  if (!bundle && bytes && is_pgp(bytes->reveal())) {
    problems.push_back(problem_in(file, "a PGP key, which nothing uses in a folder of certificates",
                                  "zegel key import " + file + ", then take it out of the folder"));
    return;
  }
  if (!bundle) {
    problems.push_back(problem_in(file, bundle.error().why, "mend the file or take it out of the folder"));
    return;
  }
  for (X509Handle& x509 : bundle->certificates) found.certificates.emplace_back(std::move(x509), file);
  for (PkeyHandle& key : bundle->keys) found.keys.push_back(std::move(key));
}

PkeyHandle key_of(X509* x509, const std::vector<PkeyHandle>& keys) {
  const EVP_PKEY* wanted = X509_get0_pubkey(x509);
  for (const PkeyHandle& key : keys) {
    if (wanted == nullptr || EVP_PKEY_eq(wanted, key.get()) != 1) continue;
    EVP_PKEY_up_ref(key.get());
    return PkeyHandle(key.get());
  }
  return nullptr;
}

}  // namespace

std::string SmimeEntry::why_not(Time now) const {
  if (std::string why = certificate.why_not(now); !why.empty()) return why;
  if (!trust.why_not.empty()) return trust.why_not;
  return now > trust.until ? trust.why_then_not : std::string();
}

std::string SmimeEntry::why_not_for_domain(Time now) const {
  if (std::string why = why_not(now); !why.empty()) return why;
  return by_hand ? std::string() : "for a whole domain it must be imported by hand: zegel key import " + file;
}

/// CMS as we make it, with SHA-256: not Ed25519 and its like.
static bool signs_with_sha256(const EVP_PKEY* key) {
  return EVP_PKEY_is_a(key, "RSA") == 1 || EVP_PKEY_is_a(key, "RSA-PSS") == 1 || EVP_PKEY_is_a(key, "EC") == 1;
}

bool SmimeEntry::can_sign(Time now) const {
  X509* x509 = certificate.x509.get();
  const bool may = (X509_get_key_usage(x509) & (KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION)) != 0;
  const bool for_mail = (X509_get_extended_key_usage(x509) & (XKU_SMIME | XKU_ANYEKU)) != 0;
  return key != nullptr && signs_with_sha256(key.get()) && may && for_mail && now >= certificate.not_before &&
         now <= certificate.not_after && !trust.why_not.starts_with("revoked");
}

SmimeFolder SmimeFolder::read(const std::string& folder, TrustJudge& authorities, Time now,
                              std::vector<std::string>& problems) {
  Found found;
  SmimeFolder read;
  const auto files = list_files(folder);
  if (!files) {
    read.unreadable_ = problem_in(folder, files.error().why, "is it a folder that the daemon may read?");
    problems.push_back(read.unreadable_);
    return read;
  }
  for (const std::string& file : *files) {
    if (!is_ours(file)) read_into(found, file, problems);
  }
  for (const auto& [x509, file] : found.certificates) {
    if (X509_check_ca(x509.get()) != 1) continue;
    authorities.add_intermediate(x509.get());
    const bool root = X509_NAME_cmp(X509_get_subject_name(x509.get()), X509_get_issuer_name(x509.get())) == 0;
    if (!root) read.intermediates_.push_back(share(x509.get()));
  }
  authorities.verify_lists();
  const auto pins = read_pins(folder);
  for (const auto& [x509, file] : found.certificates) {
    Certificate certificate = read_certificate(x509.get());
    if (certificate.authority && certificate.addresses.empty() && certificate.domains.empty()) continue;
    if (!read.by_fingerprint_.emplace(certificate.fingerprint, read.entries_.size()).second) continue;
    for (const mail::Mailbox& address : certificate.addresses) {
      read.by_address_.emplace(mail::folded(address), read.entries_.size());
    }
    for (const mail::Mailbox& label : certificate.labels) {
      read.by_label_.emplace(mail::folded(label), read.entries_.size());
    }
    for (const std::string& domain : certificate.domains) read.by_domain_.emplace(domain, read.entries_.size());
    const bool by_hand = pins.contains(certificate.fingerprint);
    Trust trust = authorities.judge(certificate, by_hand || !authorities.has_authorities(), now);
    if (!by_hand && trust.why_not.empty()) authorities.miss_list(certificate);
    PkeyHandle key = key_of(x509.get(), found.keys);
    read.entries_.push_back({std::move(certificate), std::move(key), file, std::move(trust), by_hand});
  }
  return read;
}

std::vector<const SmimeEntry*> SmimeFolder::find(const mail::Mailbox& mailbox) const {
  std::vector<const SmimeEntry*> exact;
  std::vector<const SmimeEntry*> similar;
  const auto [begin, end] = by_address_.equal_range(mail::folded(mailbox));
  for (auto it = begin; it != end; ++it) {
    const SmimeEntry& entry = entries_[it->second];
    if (contains(similar, &entry)) continue;
    similar.push_back(&entry);
    if (contains(entry.certificate.addresses, mailbox)) exact.push_back(&entry);
  }
  return exact.empty() ? similar : exact;
}

std::vector<const SmimeEntry*> SmimeFolder::find_label(const mail::Mailbox& mailbox) const {
  std::vector<const SmimeEntry*> found;
  const auto [begin, end] = by_label_.equal_range(mail::folded(mailbox));
  for (auto it = begin; it != end; ++it) {
    if (!contains(found, &entries_[it->second])) found.push_back(&entries_[it->second]);
  }
  return found;
}

std::vector<const SmimeEntry*> SmimeFolder::find_domain(const std::string& domain) const {
  std::vector<const SmimeEntry*> found;
  const auto [begin, end] = by_domain_.equal_range(domain);
  for (auto it = begin; it != end; ++it) found.push_back(&entries_[it->second]);
  return found;
}

const SmimeEntry* SmimeFolder::by_fingerprint(const std::string& fingerprint) const {
  const auto found = by_fingerprint_.find(fingerprint);
  return found == by_fingerprint_.end() ? nullptr : &entries_[found->second];
}

const SmimeEntry* SmimeFolder::signer(const mail::Mailbox& sender, Time now) const {
  const SmimeEntry* best = nullptr;
  for (const SmimeEntry* entry : find(sender)) {
    if (!entry->can_sign(now)) continue;
    if (best == nullptr || entry->certificate.not_after > best->certificate.not_after) best = entry;
  }
  return best;
}

std::vector<X509*> SmimeFolder::chain_above(const SmimeEntry& entry) const {
  std::vector<X509*> chain;
  const X509* below = entry.certificate.x509.get();
  while (chain.size() < intermediates_.size()) {
    const auto above = std::ranges::find_if(intermediates_, [&](const X509Handle& one) {
      return X509_NAME_cmp(X509_get_subject_name(one.get()), X509_get_issuer_name(below)) == 0 &&
             !contains(chain, one.get());
    });
    if (above == intermediates_.end()) break;
    chain.push_back(above->get());
    below = above->get();
  }
  return chain;
}

std::unordered_set<std::string> read_pins(const std::string& folder) {
  std::unordered_set<std::string> pins;
  const auto bytes = read_file(folder + "/" + std::string(pins_name));
  if (!bytes) return pins;
  for (const std::string_view line : text::split(*bytes, '\n')) {
    if (const std::string_view pin = text::trim(line.substr(0, line.find('#'))); !pin.empty()) pins.emplace(pin);
  }
  return pins;
}

Secret passphrase_beside(const std::string& path) {
  if (Secret word = first_line(path + std::string(passphrase_ending)); !word.empty()) return word;
  const char* credentials = std::getenv("CREDENTIALS_DIRECTORY");  // systemd.exec(5); set before any thread starts
  if (credentials == nullptr) return {};
  return first_line(std::string(credentials) + "/" + std::filesystem::path(path).filename().string() +
                    std::string(passphrase_ending));
}

}  // namespace zegel::seal
