#include "send/conclusion.h"

#include <algorithm>
#include <cassert>
#include <string>
#include <utility>

#include "log/log.h"
#include "send/bounces.h"
#include "send/schedule.h"

namespace zegel::send {

namespace {

using Kind = Outcome::Kind;

/// RFC 3463 X.4.7: delivery time expired.
void give_up(std::vector<Outcome>& outcomes) {
  for (auto& outcome : outcomes) {
    if (outcome.kind != Kind::retry) continue;
    outcome.kind = Kind::failed;
    outcome.status = "5.4.7";
  }
}

bool any(const std::vector<Outcome>& outcomes, Kind kind) {
  return std::ranges::any_of(outcomes, [kind](const auto& outcome) { return outcome.kind == kind; });
}

std::vector<store::RecipientOutcome> for_the_store(const std::vector<Outcome>& outcomes) {
  std::vector<store::RecipientOutcome> rows;
  rows.reserve(outcomes.size());
  for (const auto& outcome : outcomes) {
    rows.push_back({outcome.recipient.mailbox, outcome.kind, outcome.reply, outcome.relay, outcome.tls});
  }
  return rows;
}

std::string_view event_of(Kind kind) {
  switch (kind) {
    case Kind::delivered:
      return "sent";
    case Kind::retry:
      return "deferred";
    case Kind::failed:
      return "bounced";
  }
  return "bounced";
}

metrics::Delivery delivery_of(Kind kind) {
  switch (kind) {
    case Kind::delivered:
      return metrics::Delivery::sent;
    case Kind::retry:
      return metrics::Delivery::deferred;
    case Kind::failed:
      return metrics::Delivery::bounced;
  }
  return metrics::Delivery::bounced;
}

/// `1.8`: seconds with one decimal.
std::string delay_text(milliseconds delay) {
  const auto tenths = (std::max(delay, milliseconds(0)).count() + 50) / 100;
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10);
}

/// A report has neither passwords nor a held message, which could not be copied.
store::Submission again(const store::Submission& notice) {
  assert(notice.passwords.empty() && !notice.held);
  store::Submission same;
  same.reference = notice.reference;
  same.envelope = notice.envelope;
  same.client = notice.client;
  same.client_tls = notice.client_tls;
  same.message_id = notice.message_id;
  same.size = notice.size;
  same.received = notice.received;
  same.copies = notice.copies;
  return same;
}

}  // namespace

store::Attempt again(const store::Attempt& attempt) {
  store::Attempt same{.copy = attempt.copy,
                      .at = attempt.at,
                      .outcomes = attempt.outcomes,
                      .next_due = attempt.next_due,
                      .delay_notified = attempt.delay_notified,
                      .notices = {},
                      .learn = attempt.learn};
  for (const auto& notice : attempt.notices) same.notices.push_back(again(notice));
  return same;
}

Conclusion conclude(const store::QueuedCopy& copy, std::vector<Outcome> outcomes, const config::Settings& settings,
                    Time now, double dice, const std::function<std::string()>& original) {
  const Verdict verdict =
      judge({.attempts = copy.attempts + 1, .received = copy.received, .now = now}, settings.delivery, dice);
  if (verdict.give_up) give_up(outcomes);
  const bool waiting = any(outcomes, Kind::retry);
  const bool tell_delay = waiting && verdict.late && !copy.delay_notified;
  Conclusion conclusion;
  conclusion.attempt = {.copy = copy.id,
                        .at = now,
                        .outcomes = for_the_store(outcomes),
                        .next_due = now + verdict.wait,
                        .delay_notified = copy.delay_notified || tell_delay,
                        .notices = {},
                        .learn = settings.recipients.learn && !copy.notice};
  const News news{outcomes, tell_delay, now, std::max(copy.received + settings.delivery.give_up, now)};
  if (auto notice = report(copy, news, settings, original)) conclusion.attempt.notices.push_back(std::move(*notice));
  conclusion.outcomes = std::move(outcomes);
  return conclusion;
}

void meter(metrics::Meters& meters, const store::QueuedCopy& copy, const Conclusion& conclusion) {
  const metrics::Seconds delay = std::max(conclusion.attempt.at - copy.received, milliseconds(0));
  for (const auto& outcome : conclusion.outcomes) {
    const metrics::Delivery what = delivery_of(outcome.kind);
    if (copy.notice) {
      meters.notice(what);
      continue;
    }
    meters.delivery(what, copy.method);
    if (outcome.kind != Kind::delivered) continue;
    meters.took_to_deliver(delay);
    if (copy.method == Method::clear) meters.sent_in_clear(copy.rule);
  }
}

void log_outcomes(const store::QueuedCopy& copy, const Conclusion& conclusion) {
  const std::string delay = delay_text(conclusion.attempt.at - copy.received);
  for (const auto& outcome : conclusion.outcomes) {
    log::Event event(event_of(outcome.kind), outcome.kind == Kind::delivered ? log::Level::info : log::Level::warning);
    event.id(copy.reference).address("to", outcome.recipient.mailbox.address());
    event.field("method", to_text(copy.method)).field("relay", outcome.relay.empty() ? "none" : outcome.relay);
    event.field("tls", outcome.tls).field("reply", outcome.reply).field("delay", delay);
    if (outcome.kind == Kind::retry) event.field("next", iso_time(conclusion.attempt.next_due));
    if (copy.notice) event.field("notice", "yes");
    event.send();
  }
}

}  // namespace zegel::send
