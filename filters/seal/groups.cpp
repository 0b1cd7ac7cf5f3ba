#include "seal/groups.h"

#include <algorithm>
#include <tuple>
#include <unordered_set>

#include "mail/header.h"
#include "seal/contains.h"
#include "seal/passphrase.h"

namespace zegel::seal {

namespace {

/// Whom every reader of the message sees. An address field that cannot be read shows nobody: each of its recipients
/// then gets a copy of his own.
std::unordered_set<std::string> visible_in(std::string_view header) {
  std::unordered_set<std::string> visible;
  for (const std::string_view name : {"To", "Cc"}) {
    for (const mail::Field& field : mail::find(header, name)) {
      const auto addresses = mail::parse_addresses(field.value());
      if (!addresses) continue;
      for (const mail::Address& address : *addresses) visible.insert(mail::folded(address.mailbox));
    }
  }
  return visible;
}

auto kind(const decide::Send& send, const std::string& rule) {
  return std::tie(send.method, send.already_sealed, send.nothing_to_lock, send.sign, send.hide_subject, send.cipher,
                  send.password, send.locked, send.language, send.tls, send.strip_tag, rule);
}

bool is_zip(const decide::Send& send) {
  return (send.method == Method::zip || send.method == Method::zip_attachments) && !send.nothing_to_lock;
}

/// A password that is made for one message belongs to one recipient.
bool must_be_alone(const decide::Send& send) { return is_zip(send) && send.password != PasswordMode::agreed; }

Result<Secret> password_for(const decide::Send& send, const mail::Mailbox& recipient, const SealContext& context) {
  if (!is_zip(send)) return Secret();
  if (send.password != PasswordMode::agreed) return new_passphrase(send.language, context.password_words);
  auto agreed = context.agreed_password ? context.agreed_password(recipient) : std::nullopt;
  if (!agreed || agreed->empty()) {
    return fail("no password is agreed with " + recipient.address() + " any more", "no password is agreed any more");
  }
  return std::move(*agreed);
}

void add(Group& group, const mail::Recipient& recipient, const std::vector<std::string>& keys) {
  group.recipients.push_back(recipient);
  for (const std::string& key : keys) {
    if (!contains(group.send.keys, key)) group.send.keys.push_back(key);
  }
}

}  // namespace

Result<std::vector<Group>> group(const decide::Plan& plan, const mail::Message& message,
                                 const mail::Structure& structure, const SealContext& context) {
  const auto visible = visible_in(message.slice(structure.root().header));
  std::vector<Group> shared;
  std::vector<Group> alone;
  for (const decide::Decision& decision : plan.decisions) {
    const auto& send = std::get<decide::Send>(decision.what);
    auto password = password_for(send, decision.recipient.mailbox, context);
    if (!password) return std::unexpected(password.error());
    const bool by_itself = must_be_alone(send) || !visible.contains(mail::folded(decision.recipient.mailbox));
    const auto same = std::ranges::find_if(shared, [&](const Group& other) {
      return kind(other.send, other.rule) == kind(send, decision.rule) && other.password.reveal() == password->reveal();
    });
    if (!by_itself && same != shared.end()) {
      add(*same, decision.recipient, send.keys);
      continue;
    }
    (by_itself ? alone : shared).push_back({send, decision.rule, {decision.recipient}, std::move(*password)});
  }
  std::ranges::move(alone, std::back_inserter(shared));
  return shared;
}

}  // namespace zegel::seal
