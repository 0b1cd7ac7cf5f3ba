#include "send/bounces.h"

#include <algorithm>
#include <utility>

#include "core/random.h"
#include "core/text.h"
#include "mail/header.h"
#include "notify/notify.h"
#include "send/stuffing.h"

namespace zegel::send {

namespace {

using Action = notify::ReportedRecipient::Action;
using Kind = Outcome::Kind;

std::optional<Action> action_for(const Outcome& outcome, bool late) {
  const mail::Notify& asked = outcome.recipient.notify;
  if (asked.given && asked.never) return std::nullopt;
  switch (outcome.kind) {
    case Kind::failed:
      return !asked.given || asked.failure ? std::optional(Action::failed) : std::nullopt;
    case Kind::retry:
      return late && (!asked.given || asked.delay) ? std::optional(Action::delayed) : std::nullopt;
    case Kind::delivered:
      return asked.success && !outcome.reports_itself ? std::optional(Action::relayed) : std::nullopt;
  }
  return std::nullopt;
}

/// The host of `smtp.provider.nl:587`, `[::1]:25`.
std::string host_of(const std::string& relay) { return relay.substr(0, relay.rfind(':')); }

std::vector<notify::ReportedRecipient> reported(const News& news) {
  std::vector<notify::ReportedRecipient> all;
  for (const auto& outcome : news.outcomes) {
    const auto action = action_for(outcome, news.late);
    if (!action) continue;
    all.push_back({.recipient = outcome.recipient,
                   .action = *action,
                   .status = outcome.status,
                   .reply = outcome.reply,
                   .relay = host_of(outcome.relay)});
  }
  return all;
}

notify::Letterhead letterhead(const store::QueuedCopy& copy, const News& news, const config::Settings& settings) {
  return {.hostname = settings.server.hostname,
          .language = copy.language,
          .phone = settings.office.phone,
          .now = news.now,
          .reference = copy.reference,
          .to = *copy.from};
}

store::Submission to_the_sender(const store::QueuedCopy& copy, const News& news, seal::Sealed message) {
  store::Submission submission;
  submission.reference = new_reference();
  submission.envelope.to = {{.mailbox = *copy.from}};
  submission.client = copy.client;
  submission.size = message.size();
  submission.received = news.now;
  submission.copies.push_back({.message = std::move(message),
                               .recipients = submission.envelope.to,
                               .via = store::Via::office,
                               .method = Method::clear,
                               .notice = true,
                               .tls = Tls::opportunistic,
                               .language = copy.language,
                               .rule = copy.rule});
  return submission;
}

}  // namespace

bool may_report(const store::QueuedCopy& copy, const config::Settings& settings) {
  return !copy.notice && copy.from &&
         std::ranges::find(settings.office.domains, copy.from->domain) != settings.office.domains.end();
}

std::optional<store::Submission> report(const store::QueuedCopy& copy, const News& news,
                                        const config::Settings& settings,
                                        const std::function<std::string()>& original) {
  if (!may_report(copy, settings)) return std::nullopt;
  auto recipients = reported(news);
  if (recipients.empty()) return std::nullopt;
  const notify::Report report{.recipients = std::move(recipients),
                              .envelope_id = copy.envelope_id,
                              .arrived = copy.received,
                              .will_retry_until = news.will_retry_until,
                              .original_fields = original()};
  return to_the_sender(copy, news, notify::delivery_report(letterhead(copy, news, settings), report));
}

std::string original_fields(std::string_view message) {
  static constexpr std::string_view wanted[] = {"From", "To", "Date", "Message-ID"};
  std::string kept;
  for (const auto& field : mail::fields(header_of(message))) {
    if (!std::ranges::any_of(wanted, [&](auto name) { return text::equal_folded(name, field.name); })) continue;
    kept += field.raw;
    if (!kept.ends_with("\r\n")) kept += "\r\n";  // header_of leaves the last one out
  }
  return kept;
}

}  // namespace zegel::send
