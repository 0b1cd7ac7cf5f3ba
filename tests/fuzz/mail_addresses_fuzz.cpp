// Whatever is taken for an address is written in a way that reads back as the same one.
#include <cstdint>
#include <cstdlib>

#include "core/text.h"
#include "mail/header.h"
#include "mail/mailbox.h"

namespace {

using namespace zegel;

void require(bool condition) {
  if (!condition) std::abort();
}

void check(const mail::Mailbox& mailbox) {
  const std::string address = mailbox.address();
  require(address.size() <= 254 && text::is_utf8(address));
  require(address.find_first_of("\r\n") == std::string::npos && address.find('\0') == std::string::npos);
  const auto again = mail::parse_mailbox(address);
  require(again && *again == mailbox);
  require(mail::parse_domain(mailbox.domain) == mailbox.domain);
  (void)mail::unicode_domain(mailbox.domain);
  (void)mail::folded(mailbox);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view value(reinterpret_cast<const char*>(data), size);
  if (const auto mailbox = mail::parse_mailbox(value)) check(*mailbox);
  if (const auto addresses = mail::parse_addresses(value)) {
    for (const mail::Address& address : *addresses) check(address.mailbox);
  }
  return 0;
}
