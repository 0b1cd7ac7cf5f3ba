#include "seal/certificate.h"

#include <openssl/ec.h>
#include <openssl/objects.h>
#include <openssl/safestack.h>

#include "core/digest.h"
#include "core/text.h"
#include "seal/contains.h"
#include "seal/labels.h"

namespace zegel::seal {

namespace {

using NamesHandle = Handle<GENERAL_NAMES, free_names>;

std::string_view view(const ASN1_STRING* text) {
  return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)),
          static_cast<std::size_t>(ASN1_STRING_length(text))};
}

std::string fingerprint_of(X509* x509) {
  unsigned char* der = nullptr;
  const int size = i2d_X509(x509, &der);
  if (size <= 0) return {};
  const std::string digest = sha256({reinterpret_cast<const char*>(der), static_cast<std::size_t>(size)});
  OPENSSL_free(der);
  return text::upper(text::hex(digest));
}

/// RFC 9598: a UTF8String in an otherName.
const ASN1_STRING* smtp_utf8_mailbox(const GENERAL_NAME* name) {
  if (name->type != GEN_OTHERNAME || OBJ_obj2nid(name->d.otherName->type_id) != NID_id_on_SmtpUTF8Mailbox)
    return nullptr;
  const ASN1_TYPE* value = name->d.otherName->value;
  return value->type == V_ASN1_UTF8STRING ? value->value.utf8string : nullptr;
}

void add_address(std::vector<mail::Mailbox>& addresses, const ASN1_STRING* name) {
  if (name == nullptr) return;
  if (auto mailbox = mail::parse_mailbox(view(name))) addresses.push_back(std::move(*mailbox));
}

/// The PKCS #9 emailAddress of the subject counts only where there is no alternative name at all (RFC 8550 3).
void add_subject_addresses(std::vector<mail::Mailbox>& addresses, X509* x509) {
  const X509_NAME* subject = X509_get_subject_name(x509);
  for (int at = -1; (at = X509_NAME_get_index_by_NID(subject, NID_pkcs9_emailAddress, at)) >= 0;) {
    add_address(addresses, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at)));
  }
}

std::vector<mail::Mailbox> addresses_of(X509* x509) {
  std::vector<mail::Mailbox> addresses;
  const NamesHandle names(static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(x509, NID_subject_alt_name, nullptr, nullptr)));
  if (names == nullptr) {
    add_subject_addresses(addresses, x509);
    return addresses;
  }
  for (int i = 0; i < sk_GENERAL_NAME_num(names.get()); ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(names.get(), i);
    add_address(addresses, name->type == GEN_EMAIL ? name->d.rfc822Name : smtp_utf8_mailbox(name));
  }
  return addresses;
}

/// What the subject says beside `addresses` (its common names, its emailAddress).
std::vector<mail::Mailbox> labels_of(X509* x509, const std::vector<mail::Mailbox>& addresses) {
  std::vector<mail::Mailbox> labels;
  const X509_NAME* subject = X509_get_subject_name(x509);
  for (const int nid : {NID_commonName, NID_pkcs9_emailAddress}) {
    for (int at = -1; (at = X509_NAME_get_index_by_NID(subject, nid, at)) >= 0;) {
      auto found = labelled(view(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at))), addresses);
      std::ranges::move(found, std::back_inserter(labels));
    }
  }
  return labels;
}

constexpr std::string_view for_a_domain = "domain-confidentiality-authority";  // RFC 3183

void add_domain(std::vector<std::string>& domains, std::string domain) {
  if (!contains(domains, domain)) domains.push_back(std::move(domain));
}

/// A certificate of a web server says so by its extended key usage and is refused for that, not here.
void add_dns_names(std::vector<std::string>& domains, X509* x509) {
  const NamesHandle names(static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(x509, NID_subject_alt_name, nullptr, nullptr)));
  for (int i = 0; names != nullptr && i < sk_GENERAL_NAME_num(names.get()); ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(names.get(), i);
    if (name->type != GEN_DNS || view(name->d.dNSName).contains('*')) continue;
    if (auto domain = mail::parse_domain(view(name->d.dNSName))) add_domain(domains, std::move(*domain));
  }
}

std::vector<std::string> domains_of(X509* x509, const std::vector<mail::Mailbox>& addresses) {
  std::vector<std::string> domains;
  bool names_a_person = false;
  for (const mail::Mailbox& address : addresses) {
    if (text::equal_folded(address.local, for_a_domain)) {
      add_domain(domains, address.domain);
    } else {
      names_a_person = true;
    }
  }
  if (!names_a_person) add_dns_names(domains, x509);
  return domains;
}

std::string curve_of(const EVP_PKEY* key) {
  char name[64] = {};
  if (EVP_PKEY_get_group_name(key, name, sizeof name, nullptr) != 1) return "EC";
  const int nid = OBJ_txt2nid(name);
  const char* nist = nid == NID_undef ? nullptr : EC_curve_nid2nist(nid);
  return nist == nullptr ? name : nist;
}

std::string algorithm_of(const EVP_PKEY* key) {
  if (key == nullptr) return "unknown";
  if (EVP_PKEY_is_a(key, "RSA") == 1) return "RSA-" + std::to_string(EVP_PKEY_get_bits(key));
  if (EVP_PKEY_is_a(key, "EC") == 1) return curve_of(key);
  const char* name = EVP_PKEY_get0_type_name(key);
  return name == nullptr ? "unknown" : name;
}

std::string flaw_of_key(X509* x509, const EVP_PKEY* key, const std::string& algorithm) {
  constexpr int least_rsa_bits = 2048;
  const std::uint32_t usage = X509_get_key_usage(x509);  // all ones when the extension is not there
  if (key == nullptr) return "its public key cannot be read";
  if (EVP_PKEY_is_a(key, "RSA") == 1) {
    if (EVP_PKEY_get_bits(key) < least_rsa_bits) return algorithm + " is too short";
    return (usage & KU_KEY_ENCIPHERMENT) != 0 ? "" : "it is for signing only (key usage has no keyEncipherment)";
  }
  if (algorithm == "P-256" || algorithm == "P-384" || algorithm == "P-521") {
    return (usage & KU_KEY_AGREEMENT) != 0 ? "" : "it is for signing only (key usage has no keyAgreement)";
  }
  return algorithm + " keys cannot be encrypted to";
}

/// RFC 8550 4.4.4. A certificate without the extension was not made for mail; nobody vouches that it may be used so.
bool for_mail(X509* x509) {
  if ((X509_get_extension_flags(x509) & EXFLAG_XKUSAGE) == 0) return false;
  return (X509_get_extended_key_usage(x509) & (XKU_SMIME | XKU_ANYEKU)) != 0;
}

bool weakly_signed(X509* x509) {
  int digest = NID_undef;
  if (X509_get_signature_info(x509, &digest, nullptr, nullptr, nullptr) != 1) return false;
  return digest == NID_sha1 || digest == NID_md5 || digest == NID_md4 || digest == NID_md2;
}

std::string flaw_of(const Certificate& certificate) {
  X509* x509 = certificate.x509.get();
  if ((X509_get_extension_flags(x509) & EXFLAG_INVALID) != 0) return "its extensions cannot be read";
  if (certificate.addresses.empty() && certificate.domains.empty()) return "it names no e-mail address";
  if (std::string flaw = flaw_of_key(x509, X509_get0_pubkey(x509), certificate.algorithm); !flaw.empty()) return flaw;
  if (!for_mail(x509)) return "it is not for e-mail (no extended key usage emailProtection)";
  if (weakly_signed(x509)) return "it was signed with SHA-1 or older";
  return {};
}

/// SMIMECapabilities ::= SEQUENCE OF SEQUENCE { OID, … }: enough of it to find one OID (RFC 8551 2.5.2).
bool names_capability(X509* x509, int nid) {
  const int at = X509_get_ext_by_NID(x509, NID_SMIMECapabilities, -1);
  if (at < 0) return false;
  const ASN1_OCTET_STRING* value = X509_EXTENSION_get_data(X509_get_ext(x509, at));
  const unsigned char* bytes = ASN1_STRING_get0_data(value);
  using Algorithms = Handle<X509_ALGORS, [](X509_ALGORS* all) { sk_X509_ALGOR_pop_free(all, X509_ALGOR_free); }>;
  const Algorithms capabilities(d2i_X509_ALGORS(nullptr, &bytes, ASN1_STRING_length(value)));
  for (int i = 0; capabilities != nullptr && i < sk_X509_ALGOR_num(capabilities.get()); ++i) {
    if (OBJ_obj2nid(sk_X509_ALGOR_value(capabilities.get(), i)->algorithm) == nid) return true;
  }
  return false;
}

}  // namespace

std::string Certificate::subject() const { return text_of(X509_get_subject_name(x509.get())); }

std::string Certificate::whom() const {
  std::string names;
  for (const std::string& domain : domains) names += (names.empty() ? "the domain " : ", ") + domain;
  for (const mail::Mailbox& address : addresses) {
    if (!text::equal_folded(address.local, for_a_domain)) names += (names.empty() ? "" : ", ") + address.address();
  }
  return names.empty() ? subject() : names;
}

std::string Certificate::description() const {
  return "S/MIME certificate of " + whom() + ", " + algorithm + ", until " + day(not_after);
}

std::string Certificate::why_not(Time now) const {
  if (!flaw.empty()) return flaw;
  if (now > not_after) return "expired on " + day(not_after);
  if (now < not_before) return "not valid before " + day(not_before);
  return {};
}

Certificate read_certificate(X509* x509) {
  Certificate certificate;
  certificate.x509 = share(x509);
  certificate.fingerprint = fingerprint_of(x509);
  certificate.addresses = addresses_of(x509);
  certificate.labels = labels_of(x509, certificate.addresses);
  certificate.domains = domains_of(x509, certificate.addresses);
  certificate.not_before = time_of(X509_get0_notBefore(x509));
  certificate.not_after = time_of(X509_get0_notAfter(x509));
  certificate.algorithm = algorithm_of(X509_get0_pubkey(x509));
  certificate.authority = X509_check_ca(x509) == 1;
  certificate.self_signed = X509_NAME_cmp(X509_get_subject_name(x509), X509_get_issuer_name(x509)) == 0;
  certificate.flaw = flaw_of(certificate);
  certificate.reads_gcm = names_capability(x509, NID_aes_256_gcm);
  certificate.reads_oaep = names_capability(x509, NID_rsaesOaep);
  return certificate;
}

}  // namespace zegel::seal
