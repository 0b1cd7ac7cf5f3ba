#include <algorithm>
#include <memory>

#include <openssl/pem.h>
#include <openssl/x509.h>

#include "cli/guise.h"
#include "cli/inspect.h"
#include "seal/keys.h"

namespace zegel::cli {

namespace {

/// What ends within this wants somebody to act. Less than a certificate of a month has left when it is new, and than
/// the month that the clients of public authorities leave for renewal.
constexpr seconds at_hand = std::chrono::days(21);

std::string days_left(Time until, Time now) {
  const auto days = std::chrono::floor<std::chrono::days>(until - now).count();
  return until <= now ? "has expired" : "expires in " + std::to_string(days) + (days == 1 ? " day" : " days");
}

std::string domain_of(const std::string& address) { return address.substr(address.rfind('@') + 1); }

/// An address of another domain in its name: somebody meant to pass for another, or the wrong key was imported.
std::string passes_for(const seal::KeyEntry& key) {
  for (const std::string& label : key.labels) {
    const bool kin =
        std::ranges::any_of(key.addresses, [&](const std::string& its) { return domain_of(its) == domain_of(label); });
    if (!kin) return label;
  }
  return {};
}

void inspect_key(const seal::KeyEntry& key, const config::Settings& settings, Time now, Problems& problems) {
  const std::string where = (key.file.empty() ? settings.pgp.home : key.file) + ":1:1: ";
  const std::string whose = !key.addresses.empty() ? key.addresses.front()
                            : !key.domains.empty() ? key.domains.front()
                                                   : key.fingerprint;
  if (!key.usable && !key.secret) {
    problems.push_back(where + "the key of " + whose + " is never used: " + key.why_not +
                       "; remove it (zegel key remove " + key.fingerprint + ") or import a new one");
  } else if (const std::string other = passes_for(key); !other.empty()) {
    problems.push_back(where + "the key of " + whose + " has " + other +
                       " in its name, and is never used for that address; where theirs was meant, remove it (zegel key "
                       "remove " +
                       key.fingerprint + ") and ask for the right one");
  } else if (key.expires < now + at_hand) {
    problems.push_back(where + "the key of " + whose + " " + days_left(key.expires, now) +
                       "; ask for the new one and `zegel key import` it");
  }
}

/// When the first certificate of a PEM file ends.
std::optional<Time> end_of_certificate(const std::string& path) {
  const std::unique_ptr<BIO, decltype(&BIO_free_all)> file(BIO_new_file(path.c_str(), "r"), &BIO_free_all);
  if (!file) return std::nullopt;
  const std::unique_ptr<X509, decltype(&X509_free)> certificate(
      PEM_read_bio_X509(file.get(), nullptr, nullptr, nullptr), &X509_free);
  tm end{};
  if (!certificate || ASN1_TIME_to_tm(X509_get0_notAfter(certificate.get()), &end) != 1) return std::nullopt;
  return Time(seconds(timegm(&end)));
}

void inspect_server_certificate(const config::Settings& settings, Time now, Problems& problems) {
  const AsCaller caller;  // systemd hands root's files over
  const std::string& path = settings.server.tls_certificate;
  if (path.empty()) return;
  const auto end = end_of_certificate(path);
  if (!end) {
    problems.push_back(path +
                       ":1:1: it holds no certificate in PEM; put the server's certificate here, its chain below");
  } else if (*end < now + at_hand) {
    problems.push_back(path + ":1:1: the server's certificate " + days_left(*end, now) + "; renew it");
  }
}

}  // namespace

void inspect_keys(const config::Settings& settings, Time now, Problems& problems) {
  std::vector<std::string> unreadable;
  const auto keys = seal::Keys::load(
      {settings.smime.certificates, settings.smime.authorities, settings.smime.crl_dir, settings.pgp.home}, now,
      unreadable);
  for (const std::string& problem : unreadable) problems.push_back(problem);
  for (const seal::KeyEntry& key : keys->list(now)) inspect_key(key, settings, now, problems);
  inspect_server_certificate(settings, now, problems);
}

}  // namespace zegel::cli
