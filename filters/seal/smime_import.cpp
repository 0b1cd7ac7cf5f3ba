#include "seal/smime_import.h"

#include <algorithm>
#include <filesystem>
#include <stdexcept>

#include <openssl/pem.h>

#include "core/secret_file.h"
#include "core/text.h"
#include "seal/contains.h"
#include "seal/files.h"
#include "seal/smime_folder.h"

namespace zegel::seal {

namespace {

constexpr unsigned public_mode = 0644;
constexpr unsigned secret_mode = 0600;

std::string taken_from(BIO* memory) {
  char* text = nullptr;
  const long size = BIO_get_mem_data(memory, &text);
  return {text, static_cast<std::size_t>(size)};
}

std::string pem_of(X509* x509, EVP_PKEY* key) {
  const BioHandle out(BIO_new(BIO_s_secmem()));
  const bool written =
      out != nullptr && PEM_write_bio_X509(out.get(), x509) == 1 &&
      (key == nullptr || PEM_write_bio_PKCS8PrivateKey(out.get(), key, nullptr, nullptr, 0, nullptr, nullptr) == 1);
  if (!written) throw std::runtime_error("a certificate cannot be written as PEM: " + openssl_reason());
  return taken_from(out.get());
}

/// `jan@klant.nl-0A1B2C3D4E5F6071.pem`, with nothing in it that a file system could mind.
std::string file_name(const Certificate& certificate) {
  std::string name = !certificate.addresses.empty() ? certificate.addresses.front().address()
                     : !certificate.domains.empty() ? certificate.domains.front()
                                                    : "authority";
  std::ranges::replace_if(
      name, [](char c) { return !text::is_alnum(c) && !std::string_view("@._-+").contains(c); }, '_');
  if (name.starts_with('.')) name.front() = '_';
  return name.substr(0, 100) + "-" + certificate.fingerprint.substr(0, 16) + ".pem";
}

Result<void> add_pin(const std::string& folder, const Certificate& certificate) {
  const std::string path = folder + "/" + std::string(pins_name);
  if (read_pins(folder).contains(certificate.fingerprint)) return {};
  std::string lines = read_file(path).value_or("# Certificates that were imported by hand: they need no authority.\n");
  lines += certificate.fingerprint + "  # " + file_name(certificate) + "\n";
  return write_file(path, lines, public_mode);
}

/// Nothing of it stays, its file's name in the remark neither.
Result<void> drop_pin(const std::string& folder, const Certificate& certificate) {
  const std::string path = folder + "/" + std::string(pins_name);
  if (!read_pins(folder).contains(certificate.fingerprint)) return {};
  const std::string old = read_file(path).value_or("");
  std::string lines;
  for (const std::string_view line : text::split(old, '\n')) {
    if (!line.empty() && !line.starts_with(certificate.fingerprint)) lines += std::string(line) + "\n";
  }
  return write_file(path, lines, public_mode);
}

/// What stands in the way of `certificate`: another one, good for encrypting, that names the same address or domain.
/// Nothing is in the way of one that can only sign.
std::vector<const SmimeEntry*> rivals(const SmimeFolder& folder, const Certificate& certificate) {
  std::vector<const SmimeEntry*> found;
  if (!certificate.flaw.empty()) return found;
  const auto add = [&](const std::vector<const SmimeEntry*>& entries) {
    for (const SmimeEntry* entry : entries) {
      const bool other = entry->certificate.fingerprint != certificate.fingerprint && entry->certificate.flaw.empty();
      if (other && !contains(found, entry)) found.push_back(entry);
    }
  };
  for (const mail::Mailbox& address : certificate.addresses) add(folder.find(address));
  for (const std::string& domain : certificate.domains) add(folder.find_domain(domain));
  return found;
}

bool matches(X509* x509, const EVP_PKEY* key) {
  const EVP_PKEY* its = X509_get0_pubkey(x509);
  return its != nullptr && EVP_PKEY_eq(its, key) == 1;
}

EVP_PKEY* key_for(X509* x509, const std::vector<PkeyHandle>& keys) {
  const auto found = std::ranges::find_if(keys, [&](const PkeyHandle& key) { return matches(x509, key.get()); });
  return found == keys.end() ? nullptr : found->get();
}

/// One import: the folder as it was, and what to do to it.
class Import {
 public:
  Import(const KeySources& sources, bool replace, Time now)
      : sources_(sources),
        replace_(replace),
        now_(now),
        authorities_(sources.authorities, sources.crl_dir, problems_),
        folder_(SmimeFolder::read(sources.certificates, authorities_, now, problems_)) {}

  Imported take(X509* x509, EVP_PKEY* key) {
    const Certificate certificate = read_certificate(x509);
    if (!folder_.unreadable().empty())
      return no(certificate, "whether there is another is unknown: " + folder_.unreadable());
    const bool authority = certificate.authority && certificate.addresses.empty() && certificate.domains.empty();
    if (std::string why = authority ? std::string() : why_not(certificate, key); !why.empty())
      return no(certificate, why);
    const auto gone = authority ? std::vector<const SmimeEntry*>() : rivals(folder_, certificate);
    if (!gone.empty() && !replace_) return no(certificate, held_back(*gone.front()));
    const SmimeEntry* known = folder_.by_fingerprint(certificate.fingerprint);
    if (key == nullptr && known != nullptr) key = known->key.get();  // a pair stays one
    auto done = put(certificate, key, !authority);
    if (done) done = remove_all(gone);
    if (!done && known == nullptr) take_back(certificate);
    if (!done) return no(certificate, done.error().why);
    return {true, said(certificate, authority, key != nullptr), certificate.fingerprint};
  }

 private:
  static Imported no(const Certificate& certificate, const std::string& why) {
    return {false, certificate.description() + ": " + why, certificate.fingerprint};
  }

  static std::string said(const Certificate& certificate, bool authority, bool secret) {
    if (authority)
      return "certificate of the authority " + certificate.subject() +
             ", to complete chains; it is not trusted by being here";
    return certificate.description() + (secret ? ", with its private key: its owner can sign" : "");
  }

  /// A sender's pair need not be good for encrypting: it is there to sign.
  [[nodiscard]] std::string why_not(const Certificate& certificate, const EVP_PKEY* key) const {
    std::string why = certificate.why_not(now_);
    if (why.empty()) why = authorities_.judge(certificate, true, now_).why_not;
    const bool signs_only = key != nullptr && why.starts_with("it is for signing only");
    return signs_only ? std::string() : why;
  }

  static std::string held_back(const SmimeEntry& rival) {
    return "there is another certificate for " + rival.certificate.whom() + " (" + rival.certificate.fingerprint +
           ", until " + day(rival.certificate.not_after) +
           "); make sure that the new one is really theirs, then import with --replace";
  }

  Result<void> put(const Certificate& certificate, EVP_PKEY* key, bool pinned) {
    const std::string path = sources_.certificates + "/" + file_name(certificate);
    auto written = write_file(path, pem_of(certificate.x509.get(), key), key == nullptr ? public_mode : secret_mode);
    return written && pinned ? add_pin(sources_.certificates, certificate) : written;
  }

  void take_back(const Certificate& certificate) {
    std::error_code none;
    std::filesystem::remove(sources_.certificates + "/" + file_name(certificate), none);
    [[maybe_unused]] const auto dropped = drop_pin(sources_.certificates, certificate);
  }

  Result<void> remove_all(const std::vector<const SmimeEntry*>& gone) {
    for (const SmimeEntry* one : gone) {
      if (auto removed = remove_certificate(sources_, one->certificate.fingerprint); !removed)
        return std::unexpected(removed.error());
    }
    return {};
  }

  const KeySources& sources_;
  bool replace_;
  Time now_;
  std::vector<std::string> problems_;
  TrustJudge authorities_;
  SmimeFolder folder_;
};

}  // namespace

std::vector<Imported> import_certificates(const KeySources& sources, std::string_view bytes, bool replace, Time now,
                                          const AskPassphrase& ask) {
  const auto bundle = read_bundle(bytes, ask);
  if (!bundle) return {{false, bundle.error().why, ""}};
  if (bundle->certificates.empty()) return {{false, "a private key without its certificate", ""}};
  Import import(sources, replace, now);
  std::vector<Imported> all;
  for (const X509Handle& x509 : bundle->certificates)
    all.push_back(import.take(x509.get(), key_for(x509.get(), bundle->keys)));
  return all;
}

Result<std::string> remove_certificate(const KeySources& sources, std::string_view fingerprint) {
  for (const std::string& file : files_in(sources.certificates)) {
    const auto bytes = read_secret(file);
    const auto bundle = bytes ? read_bundle(bytes->reveal(), [&] { return passphrase_beside(file); })
                              : Result<Bundle>(std::unexpected(bytes.error()));
    if (!bundle) continue;
    for (const X509Handle& x509 : bundle->certificates) {
      const Certificate certificate = read_certificate(x509.get());
      if (certificate.fingerprint != fingerprint) continue;
      if (bundle->certificates.size() > 1)
        return fail("it stands in " + file + " together with others: take it out there by hand");
      std::error_code error;
      if (!std::filesystem::remove(file, error)) return fail(file + ": " + error.message());
      if (auto dropped = drop_pin(sources.certificates, certificate); !dropped) return std::unexpected(dropped.error());
      return certificate.description();
    }
  }
  return fail("no certificate has the fingerprint " + std::string(fingerprint));
}

}  // namespace zegel::seal
