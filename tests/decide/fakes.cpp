#include "decide/fakes.h"

#include <stdexcept>

#include "config/load.h"
#include "core/text.h"

namespace zegel::decide {

std::vector<Candidate> FakeDirectory::known(std::initializer_list<const char*> usable, const char* expired) const {
  std::vector<Candidate> out;
  for (const char* word : usable) {
    if (has(word)) out.push_back({.fingerprint = text::upper(word), .usable = true, .why_not = {}});
  }
  if (has(expired)) {
    out.push_back({.fingerprint = text::upper(expired), .usable = false, .why_not = "expired on 2026-01-03"});
  }
  return out;
}

std::vector<Candidate> FakeDirectory::certificates(const mail::Mailbox&, Time) const {
  return known({"cert", "cert2"}, "old-cert");
}

std::vector<Candidate> FakeDirectory::domain_certificates(const mail::Mailbox&, Time) const {
  return known({"domain-cert"}, "old-domain-cert");
}

std::vector<Candidate> FakeDirectory::pgp_keys(const mail::Mailbox&, Time) const {
  return known({"pgp", "pgp2"}, "old-pgp");
}

config::Settings settings_of(const std::string& toml) {
  static const std::string required =
      "\n[office]\ndomains = [\"kantoor.nl\"]\n[server]\nlisten = [\"127.0.0.1:0\"]\n[delivery]\nrelay = \"r.nl:25\"\n";
  auto settings = config::parse(toml + required, "policy", "/");
  if (settings) return *settings;
  std::string problems;
  for (const config::Problem& problem : settings.error()) problems += problem.text() + "\n";
  throw std::runtime_error(problems + toml);
}

std::optional<mail::Mailbox> sender_of(const std::string& text) {
  if (text == "<>") return std::nullopt;
  return recipient_of(text).mailbox;
}

mail::Recipient recipient_of(const std::string& text) {
  auto mailbox = mail::parse_mailbox(text);
  if (!mailbox) throw std::runtime_error(text + ": " + mailbox.error().why);
  return {.mailbox = *mailbox};
}

}  // namespace zegel::decide
