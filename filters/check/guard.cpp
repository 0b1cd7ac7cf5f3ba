#include "check/guard.h"

#include <algorithm>
#include <set>

#include "check/domain_name.h"

namespace zegel::check {

namespace {

constexpr std::size_t few_domains = 3;

bool is_own(std::string_view domain, std::span<const std::string> own_domains) {
  return std::ranges::any_of(own_domains, [&](std::string_view own) {
    return domain == own || (domain.ends_with(own) && domain[domain.size() - own.size() - 1] == '.');
  });
}

}  // namespace

Visible count_visible(std::span<const mail::Mailbox> shown, std::span<const std::string> own_domains) {
  std::set<std::string> addresses;
  std::set<std::string> domains;
  for (const auto& mailbox : shown) {
    if (is_own(mailbox.domain, own_domains)) continue;
    addresses.insert(mail::folded(mailbox));
    domains.insert(std::string(split_domain(mailbox.domain).registrable()));
  }
  return {.recipients = addresses.size(), .domains = domains.size()};
}

bool should_be_bcc(const Visible& visible, std::size_t limit) {
  return visible.recipients > limit && visible.domains > few_domains;
}

std::string explain(const Visible& visible, Language language) {
  const auto people = std::to_string(visible.recipients);
  const auto domains = std::to_string(visible.domains);
  switch (language) {
    case Language::nl:
      return people + " ontvangers bij " + domains + " organisaties kunnen elkaars adres zien: gebruik Bcc";
    case Language::de:
      return people + " Empfaenger bei " + domains + " Organisationen sehen die Adressen der anderen: Bcc verwenden";
    case Language::en:
      break;
  }
  return people + " recipients of " + domains + " organisations can see each other's address: use Bcc";
}

}  // namespace zegel::check
