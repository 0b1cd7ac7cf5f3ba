#include "receive/sender_rules.h"

#include <algorithm>

#include "mail/header.h"

namespace zegel::receive {

bool of_office(const mail::Mailbox& mailbox, const config::Settings& settings) {
  return std::ranges::find(settings.office.domains, mailbox.domain) != settings.office.domains.end();
}

Result<void> may_send(const std::optional<mail::Mailbox>& reverse_path, const config::Settings& settings) {
  if (!reverse_path || of_office(*reverse_path, settings)) return {};
  return fail("sender " + reverse_path->address() + " is not of office.domains",
              "<" + reverse_path->address() + ">: not an address of this office");
}

Result<void> may_sign_as(const mail::Message& message, const mail::Structure& structure,
                         const config::Settings& settings) {
  const auto from = mail::find(message.slice(structure.root().header), "From");
  if (from.size() != 1) {
    return fail(from.empty() ? "no From field" : "more than one From field",
                from.empty() ? "the message has no From field" : "the message has more than one From field");
  }
  const auto addresses = mail::parse_addresses(from.front().value());
  if (!addresses) return fail("From field: " + addresses.error().why, "the From field cannot be read");
  if (addresses->empty()) return fail("From field names nobody", "the From field names nobody");
  for (const mail::Address& address : *addresses) {
    if (of_office(address.mailbox, settings)) continue;
    return fail("From " + address.mailbox.address() + " is not of office.domains",
                "From <" + address.mailbox.address() + ">: not an address of this office");
  }
  return {};
}

}  // namespace zegel::receive
