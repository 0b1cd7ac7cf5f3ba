#include "receive/visible.h"

#include <algorithm>
#include <vector>

#include "check/guard.h"
#include "core/digest.h"
#include "mail/header.h"
#include "receive/doubt.h"

namespace zegel::receive {

namespace {

std::string_view header_of(const mail::Message& message) {
  const std::size_t end = message.bytes().find("\r\n\r\n");
  return end == std::string_view::npos ? message.bytes() : message.bytes().substr(0, end + 2);
}

std::vector<mail::Mailbox> shown_in(std::string_view header) {
  std::vector<mail::Mailbox> shown;
  for (const std::string_view name : {"To", "Cc"}) {
    for (const mail::Field& field : mail::find(header, name)) {
      auto addresses = mail::parse_addresses(field.value());
      if (!addresses) continue;
      for (mail::Address& address : *addresses) shown.push_back(std::move(address.mailbox));
    }
  }
  return shown;
}

std::string key_of(const std::vector<mail::Mailbox>& shown) {
  std::vector<std::string> addresses;
  for (const mail::Mailbox& mailbox : shown) addresses.push_back(mail::folded(mailbox));
  std::ranges::sort(addresses);
  std::string all;
  for (const std::string& address : addresses) all += address + "\n";
  return "visible:" + sha256(all);
}

}  // namespace

std::optional<VisibleDoubt> visible_doubt(const mail::Message& message, const config::Settings& settings) {
  const std::vector<mail::Mailbox> shown = shown_in(header_of(message));
  if (shown.size() <= settings.recipients.visible) return std::nullopt;
  const check::Visible visible = check::count_visible(shown, settings.office.domains);
  if (!check::should_be_bcc(visible, settings.recipients.visible)) return std::nullopt;
  return VisibleDoubt{key_of(shown), check::explain(visible, Language::en) +
                                         ". If it is meant so, send it again within " +
                                         spoken(settings.recipients.confirm_window)};
}

}  // namespace zegel::receive
