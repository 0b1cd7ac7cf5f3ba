#include "seal/keys.h"

#include <algorithm>
#include <tuple>

#include "seal/contains.h"
#include "seal/keys_content.h"
#include "seal/labels.h"

namespace zegel::seal {

namespace {

void usable_first(std::vector<decide::Candidate>& candidates) {
  std::ranges::sort(candidates, std::ranges::greater(),
                    [](const decide::Candidate& one) { return std::tie(one.usable, one.expires, one.fingerprint); });
}

std::vector<std::string> written(const std::vector<mail::Mailbox>& addresses) {
  std::vector<std::string> all;
  for (const mail::Mailbox& address : addresses) all.push_back(address.address());
  return all;
}

KeyEntry describe(const SmimeEntry& entry, Time now) {
  const Certificate& certificate = entry.certificate;
  KeyEntry described{};
  described.method = Method::smime;
  described.fingerprint = certificate.fingerprint;
  described.not_before = certificate.not_before;
  described.expires = certificate.not_after;
  described.addresses = written(certificate.addresses);
  described.labels = written(certificate.labels);
  described.domains = certificate.domains;
  described.secret = entry.key != nullptr;
  described.why_not = certificate.domains.empty() ? entry.why_not(now) : entry.why_not_for_domain(now);
  described.usable = described.why_not.empty();
  described.algorithm = certificate.algorithm;
  described.file = entry.file;
  return described;
}

KeyEntry describe(const PgpKey& key, Time now) {
  KeyEntry described{};
  described.method = Method::pgp;
  described.fingerprint = key.fingerprint;
  described.addresses = written(key.addresses);
  described.labels = written(key.labels);
  described.not_before = key.created;
  described.expires = key.subkeys.empty() ? key.expires : key.ends();
  described.secret = key.secret;
  described.why_not = key.why_not(now);
  described.usable = described.why_not.empty();
  described.algorithm = key.algorithm;
  return described;
}

}  // namespace

bool KeyEntry::ends(Time now, seconds within) const {
  return (usable || (secret && expires > now)) && expires <= now + within;
}

std::shared_ptr<const Keys> Keys::load(const KeySources& sources, Time now, std::vector<std::string>& problems) {
  TrustJudge authorities(sources.authorities, sources.crl_dir, problems);
  auto content = std::make_unique<Content>();
  content->smime = SmimeFolder::read(sources.certificates, authorities, now, problems);
  content->pgp = PgpRing::read(sources.pgp_home, problems);
  content->authorities = std::move(authorities);
  std::ranges::copy(content->authorities->complaints(now), std::back_inserter(problems));
  return std::shared_ptr<const Keys>(new Keys(std::move(content)));
}

Keys::Keys(std::unique_ptr<Content> content) : content_(std::move(content)) {}

Keys::~Keys() = default;

std::vector<decide::Candidate> Keys::certificates(const mail::Mailbox& mailbox, Time now) const {
  std::vector<decide::Candidate> candidates;
  for (const SmimeEntry* entry : content_->smime.find(mailbox)) {
    std::string why_not = entry->why_not(now);
    const bool usable = why_not.empty();
    candidates.push_back({entry->certificate.fingerprint, usable, std::move(why_not), entry->certificate.not_after});
  }
  if (!candidates.empty()) return usable_first(candidates), candidates;
  for (const SmimeEntry* entry : content_->smime.find_label(mailbox)) {
    const Certificate& certificate = entry->certificate;
    candidates.push_back(
        {certificate.fingerprint, false, only_by_label(certificate.addresses, "subject"), certificate.not_after});
  }
  usable_first(candidates);
  return candidates;
}

std::vector<decide::Candidate> Keys::domain_certificates(const mail::Mailbox& mailbox, Time now) const {
  std::vector<decide::Candidate> candidates;
  for (const SmimeEntry* entry : content_->smime.find_domain(mailbox.domain)) {
    std::string why_not = entry->why_not_for_domain(now);
    const bool usable = why_not.empty();
    candidates.push_back({entry->certificate.fingerprint, usable, std::move(why_not), entry->certificate.not_after});
  }
  usable_first(candidates);
  return candidates;
}

bool Keys::through_domain(const mail::Mailbox& mailbox, const std::vector<std::string>& keys) const {
  bool through = false;
  for (const std::string& key : keys) {
    const SmimeEntry* entry = content_->smime.by_fingerprint(key);
    if (entry == nullptr) continue;
    if (contains(content_->smime.find(mailbox), entry)) return false;
    through = through || contains(entry->certificate.domains, mailbox.domain);
  }
  return through;
}

std::vector<decide::Candidate> Keys::pgp_keys(const mail::Mailbox& mailbox, Time now) const {
  std::vector<decide::Candidate> candidates;
  for (const PgpKey* key : content_->pgp.find(mailbox)) {
    std::string why_not = key->why_not(now);
    const bool usable = why_not.empty();
    candidates.push_back({key->fingerprint, usable, std::move(why_not), key->ends()});
  }
  if (!candidates.empty()) return usable_first(candidates), candidates;
  for (const PgpKey* key : content_->pgp.find_label(mailbox)) {
    candidates.push_back({key->fingerprint, false, only_by_label(key->addresses, "name"), key->ends()});
  }
  usable_first(candidates);
  return candidates;
}

decide::Agreed Keys::agreed_password(const mail::Mailbox& /*mailbox*/, Time /*now*/) const {
  return decide::Agreed::none;
}

std::string Keys::unreadable(Method method) const {
  if (method == Method::pgp) return content_->pgp.unreadable();
  if (method != Method::smime) return {};
  const std::string& folder = content_->smime.unreadable();
  return folder.empty() ? content_->authorities->unreadable() : folder;
}

bool Keys::can_sign(Method method, const mail::Mailbox& sender, Time now) const {
  if (method == Method::smime) return content_->smime.signer(sender, now) != nullptr;
  return method == Method::pgp && content_->pgp.signer(sender, now) != nullptr;
}

std::vector<KeyEntry> Keys::list(Time now) const {
  std::vector<KeyEntry> all;
  for (const SmimeEntry& entry : content_->smime.entries()) all.push_back(describe(entry, now));
  for (const PgpKey& key : content_->pgp.keys()) all.push_back(describe(key, now));
  return all;
}

std::vector<KeyEntry> Keys::ending(Time now, seconds within) const {
  std::vector<KeyEntry> all = list(now);
  std::erase_if(all, [&](const KeyEntry& key) { return !key.ends(now, within); });
  std::ranges::sort(all, {}, &KeyEntry::expires);
  return all;
}

std::vector<std::string> Keys::complaints(Time now) const { return content_->authorities->complaints(now); }

}  // namespace zegel::seal
