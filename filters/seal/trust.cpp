#include "seal/trust.h"

#include <algorithm>
#include <new>

#include <openssl/pem.h>

#include "seal/bundle.h"
#include "seal/files.h"

namespace zegel::seal {

namespace {

constexpr auto grace = std::chrono::days(7);

using ContextHandle = Handle<X509_STORE_CTX, X509_STORE_CTX_free>;

Secret nobody() { return {}; }

CrlHandle read_crl(const std::string& bytes) {
  const BioHandle pem = reading(bytes);
  if (CrlHandle crl(PEM_read_bio_X509_CRL(pem.get(), nullptr, nullptr, nullptr)); crl != nullptr) return crl;
  const BioHandle der = reading(bytes);
  return CrlHandle(d2i_X509_CRL_bio(der.get(), nullptr));
}

/// Two extensions of one kind, or their absence (RFC 5280 5.2).
bool same_extension(const X509_CRL* one, const X509_CRL* other, int nid) {
  const int its = X509_CRL_get_ext_by_NID(one, nid, -1);
  const int others = X509_CRL_get_ext_by_NID(other, nid, -1);
  if (its < 0 || others < 0) return its < 0 && others < 0;
  return ASN1_OCTET_STRING_cmp(X509_EXTENSION_get_data(X509_CRL_get_ext(one, its)),
                               X509_EXTENSION_get_data(X509_CRL_get_ext(other, others))) == 0;
}

/// Whether two lists speak of the same certificates: not of a part of them, of changes only, or under another key.
bool same_scope(const X509_CRL* one, const X509_CRL* other) {
  return X509_NAME_cmp(X509_CRL_get_issuer(one), X509_CRL_get_issuer(other)) == 0 &&
         same_extension(one, other, NID_issuing_distribution_point) &&
         same_extension(one, other, NID_authority_key_identifier) && same_extension(one, other, NID_delta_crl);
}

/// 112 bits: no SHA-1, no RSA below 2048 anywhere in the chain.
constexpr int security_level = 2;

}  // namespace

TrustJudge::TrustJudge(const std::string& authorities, const std::string& crl_dir, std::vector<std::string>& problems)
    : has_authorities_(!authorities.empty()), crl_dir_(crl_dir), store_(X509_STORE_new()), known_(sk_X509_new_null()) {
  if (store_ == nullptr || known_ == nullptr) throw std::bad_alloc();
  if (has_authorities_) {
    const auto bytes = read_file(authorities);
    const auto bundle = bytes ? read_bundle(*bytes, nobody) : Result<Bundle>(std::unexpected(bytes.error()));
    if (bundle) {
      std::ranges::for_each(bundle->certificates, [&](const X509Handle& authority) { add_authority(authority.get()); });
    } else {
      unreadable_ = problem_in(authorities, bundle.error().why, "put the authorities' certificates here, in PEM");
    }
  }
  const auto lists = list_files(crl_dir);
  lists_known_ = lists.has_value();
  if (!lists) unreadable_ = problem_in(crl_dir, lists.error().why, "is it a folder that the daemon may read?");
  if (!unreadable_.empty()) problems.push_back(unreadable_);
  for (const std::string& file : lists.value_or(std::vector<std::string>())) {
    const auto bytes = read_file(file);
    CrlHandle crl = bytes ? read_crl(*bytes) : nullptr;
    if (crl == nullptr) {
      problems.push_back(problem_in(file, "not a revocation list", "fetch it anew, or take it out of the folder"));
      continue;
    }
    const ASN1_TIME* next = X509_CRL_get0_nextUpdate(crl.get());
    lists_.push_back({std::move(crl), file, next == nullptr ? Time::max() : time_of(next)});
  }
  static_cast<void>(openssl_reason());
}

void TrustJudge::add_authority(X509* x509) {
  if (X509_STORE_add_cert(store_.get(), x509) != 1) throw std::bad_alloc();
  add_intermediate(x509);
}

void TrustJudge::add_intermediate(X509* x509) {
  if (sk_X509_push(known_.get(), share(x509).release()) == 0) throw std::bad_alloc();
}

void TrustJudge::verify_lists() {
  for (RevocationList& list : lists_) list.forged = forged(list);
  for (RevocationList& list : lists_) list.superseded = superseded(list);
}

void TrustJudge::miss_list(const Certificate& certificate) {
  const X509_NAME* issuer = X509_get_issuer_name(certificate.x509.get());
  const bool there = std::ranges::any_of(lists_, [&](const RevocationList& list) {
    return X509_NAME_cmp(X509_CRL_get_issuer(list.crl.get()), issuer) == 0;
  });
  if (!there && !crl_dir_.empty() && !certificate.self_signed) unlisted_.insert(text_of(issuer));
}

Trust TrustJudge::judge(const Certificate& certificate, bool pinned, Time now) const {
  if (!lists_known_) return {"the revocation lists cannot be read"};
  Trust trust = pinned ? Trust{} : chain_to_authority(certificate, now);
  if (trust.why_not.empty()) revoked(certificate.x509.get(), trust);
  return trust;
}

Trust TrustJudge::chain_to_authority(const Certificate& certificate, Time now) const {
  const ContextHandle context(X509_STORE_CTX_new());
  if (context == nullptr ||
      X509_STORE_CTX_init(context.get(), store_.get(), certificate.x509.get(), known_.get()) != 1) {
    throw std::bad_alloc();
  }
  X509_VERIFY_PARAM* rules = X509_STORE_CTX_get0_param(context.get());
  X509_VERIFY_PARAM_set_time(rules, std::chrono::system_clock::to_time_t(now));
  X509_VERIFY_PARAM_set_auth_level(rules, security_level);
  X509_VERIFY_PARAM_set_purpose(rules, X509_PURPOSE_ANY);
  X509_VERIFY_PARAM_set_flags(rules, X509_V_FLAG_PARTIAL_CHAIN);
  if (X509_verify_cert(context.get()) != 1) {
    const int error = X509_STORE_CTX_get_error(context.get());
    static_cast<void>(openssl_reason());
    return {std::string("no authority vouches for it, nor was it imported by hand (") +
            X509_verify_cert_error_string(error) + ")"};
  }
  Trust trust;
  const STACK_OF(X509)* chain = X509_STORE_CTX_get0_chain(context.get());
  for (int i = 1; i < sk_X509_num(chain); ++i) {
    X509* above = sk_X509_value(chain, i);
    const Time ends = time_of(X509_get0_notAfter(above));
    if (ends < trust.until)
      trust.until = ends, trust.why_then_not = "a certificate of its authority expired on " + day(ends);
    if (i + 1 < sk_X509_num(chain)) revoked(above, trust);
  }
  return trust;
}

void TrustJudge::revoked(X509* x509, Trust& trust) const {
  for (const RevocationList& list : lists_) {
    if (X509_NAME_cmp(X509_CRL_get_issuer(list.crl.get()), X509_get_issuer_name(x509)) != 0 || list.forged) continue;
    X509_REVOKED* entry = nullptr;
    if (X509_CRL_get0_by_cert(list.crl.get(), &entry, x509) == 1) {
      trust.why_not = "revoked on " + day(time_of(X509_REVOKED_get0_revocationDate(entry)));
    }
    if (!list.superseded && list.next != Time::max() && list.next + grace < trust.until) {
      trust.until = list.next + grace;
      trust.why_then_not = "the revocation list " + list.file + " is out of date since " + day(list.next);
    }
  }
}

bool TrustJudge::superseded(const RevocationList& list) const {
  return std::ranges::any_of(lists_, [&](const RevocationList& other) {
    return !other.forged && other.next > list.next && same_scope(list.crl.get(), other.crl.get());
  });
}

/// With the authority at hand its signature must be right. Without, the administrator's word has to do: the list can
/// only take trust away.
bool TrustJudge::forged(const RevocationList& list) const {
  bool found = false;
  for (int i = 0; i < sk_X509_num(known_.get()); ++i) {
    X509* authority = sk_X509_value(known_.get(), i);
    if (X509_NAME_cmp(X509_get_subject_name(authority), X509_CRL_get_issuer(list.crl.get())) != 0) continue;
    found = true;
    if (X509_CRL_verify(list.crl.get(), X509_get0_pubkey(authority)) == 1) return false;
  }
  static_cast<void>(openssl_reason());
  return found;
}

std::vector<std::string> TrustJudge::complaints(Time now) const {
  std::vector<std::string> all;
  for (const RevocationList& list : lists_) {
    if (list.forged) {
      all.push_back(problem_in(list.file, "this revocation list was not signed by its authority and does not count",
                               "fetch it anew"));
    } else if (!list.superseded && list.next < now) {
      const std::string and_then = list.next + grace < now ? "so certificates of this authority are not used"
                                                           : "from " + day(list.next + grace) +
                                                                 " on certificates of this authority will not be used";
      all.push_back(problem_in(list.file,
                               "this revocation list is out of date since " + day(list.next) + "; " + and_then,
                               "fetch a new one"));
    }
  }
  for (const std::string& issuer : unlisted_) {
    all.push_back(problem_in(crl_dir_, "no revocation list of " + issuer + ", so a revoked certificate would be used",
                             "fetch it into this folder"));
  }
  return all;
}

}  // namespace zegel::seal
