#include "receive/submission.h"

#include <algorithm>
#include <utility>

#include "receive/password_command.h"

namespace zegel::receive {

store::Submission begin_submission(const Arrival& arrival) {
  store::Submission submission;
  submission.reference = arrival.reference;
  submission.envelope = arrival.envelope;
  submission.client = arrival.client.address;
  submission.client_tls = arrival.client.tls;
  submission.message_id = arrival.message_id;
  submission.size = arrival.size;
  submission.received = arrival.at;
  return submission;
}

notify::Letterhead letterhead(const Arrival& arrival, const config::Settings& settings) {
  return {settings.server.hostname, settings.office.language,     settings.office.phone, arrival.at,
          arrival.reference,        arrival.envelope.from.value()};
}

void add_notice(store::Submission& submission, const mail::Mailbox& to, seal::Sealed notice,
                const config::Settings& settings) {
  submission.copies.push_back({.message = std::move(notice),
                               .recipients = {mail::Recipient{.mailbox = to}},
                               .via = store::Via::office,
                               .method = Method::clear,
                               .notice = true,
                               .tls = Tls::opportunistic,
                               .language = settings.office.language});
}

namespace {

bool goes_by_command(const seal::Copy& copy) {
  return !copy.password.empty() && copy.password_mode == PasswordMode::command;
}

}  // namespace

bool has_passwords_to_hand_over(const Copies& copies) { return std::ranges::any_of(copies, goes_by_command); }

std::optional<MustWait> hand_over_passwords(const config::Settings& settings, const std::string& reference,
                                            const Copies& copies) {
  for (const seal::Copy& copy : copies) {
    if (!goes_by_command(copy)) continue;
    for (const mail::Recipient& recipient : copy.recipients) {
      const auto handed = hand_over_password(settings.zip.command, recipient.mailbox, reference, copy.password,
                                             settings.zip.command_time);
      if (!handed)
        return MustWait{"the password could not be passed on: " + handed.error().why, "", recipient.mailbox.address()};
    }
  }
  return std::nullopt;
}

void add_copies(store::Submission& submission, const Arrival& arrival, const config::Settings& settings,
                Copies&& copies) {
  for (seal::Copy& copy : copies) {
    if (!copy.password.empty() && copy.password_mode == PasswordMode::per_message) {
      const notify::Letterhead head = letterhead(arrival, settings);
      for (const mail::Recipient& recipient : copy.recipients) {
        add_notice(submission, head.to, notify::password_notice(head, recipient.mailbox, copy.password), settings);
        submission.passwords.push_back(
            {recipient.mailbox.address(), copy.password.clone(), arrival.at + settings.retention.passwords});
      }
    }
    submission.copies.push_back({.message = std::move(copy.message),
                                 .recipients = std::move(copy.recipients),
                                 .via = store::Via::next_hop,
                                 .method = copy.method,
                                 .notice = false,
                                 .tls = copy.tls,
                                 .language = copy.language,
                                 .rule = std::move(copy.rule),
                                 .keys = std::move(copy.keys)});
  }
}

}  // namespace zegel::receive
