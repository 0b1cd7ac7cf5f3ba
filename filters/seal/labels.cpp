#include "seal/labels.h"

#include <algorithm>

namespace zegel::seal {

namespace {

constexpr std::string_view around = " \t\r\n<>()[]\"',;:";

bool among(const std::vector<mail::Mailbox>& addresses, const mail::Mailbox& mailbox) {
  return std::ranges::any_of(addresses,
                             [&](const mail::Mailbox& one) { return mail::folded(one) == mail::folded(mailbox); });
}

}  // namespace

std::vector<mail::Mailbox> labelled(std::string_view label, const std::vector<mail::Mailbox>& addresses) {
  std::vector<mail::Mailbox> found;
  if (!label.contains('@')) return found;
  for (std::size_t at = label.find_first_not_of(around); at < label.size();) {
    const std::size_t end = std::min(label.find_first_of(around, at), label.size());
    const std::string_view word = label.substr(at, end - at);
    auto mailbox = word.contains('@') ? mail::parse_mailbox(word) : Result<mail::Mailbox>(fail("no address"));
    if (mailbox && !among(addresses, *mailbox) && !among(found, *mailbox)) found.push_back(std::move(*mailbox));
    at = label.find_first_not_of(around, end);
  }
  return found;
}

std::string only_by_label(const std::vector<mail::Mailbox>& addresses, std::string_view label) {
  std::string whose;
  for (const mail::Mailbox& one : addresses) whose += (whose.empty() ? "" : ", ") + one.address();
  return "has this address only in its " + std::string(label) + (whose.empty() ? "" : ", and is of " + whose);
}

}  // namespace zegel::seal
