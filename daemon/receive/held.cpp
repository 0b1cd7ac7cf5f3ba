#include "receive/held.h"

#include <future>

#include "core/random.h"
#include "log/log.h"
#include "receive/events.h"
#include "receive/examine.h"
#include "receive/submission.h"

namespace zegel::receive {

namespace {

Arrival arrival_of(const store::HeldEntry& entry) {
  Arrival arrival;
  arrival.client.address = entry.client;
  arrival.envelope = entry.envelope;
  arrival.reference = entry.reference;
  arrival.message_id = entry.message_id;
  arrival.size = entry.size;
  arrival.at = entry.received;
  return arrival;
}

/// A Done that can be waited for: throws here what went wrong there.
class Waiting {
 public:
  [[nodiscard]] store::Store::Done done() {
    return [this](const std::exception_ptr& accident) {
      if (accident) {
        promise_.set_exception(accident);
      } else {
        promise_.set_value();
      }
    };
  }
  void wait() { promise_.get_future().get(); }

 private:
  std::promise<void> promise_;
};

std::string recipients_of(const store::HeldEntry& entry) {
  std::string all;
  for (const mail::Recipient& recipient : entry.envelope.to)
    all += (all.empty() ? "" : ", ") + recipient.mailbox.address();
  return all;
}

/// Tells the sender what became of it.
void add_held_notice(store::Submission& submission, const store::HeldEntry& entry, const Snapshot& snapshot,
                     notify::HeldEvent event, Time now) {
  notify::Letterhead head = letterhead(arrival_of(entry), *snapshot.settings);
  head.now = now;
  add_notice(submission, head.to,
             notify::held_notice(head, event, recipients_of(entry), entry.why, entry.suggestion, entry.expires),
             *snapshot.settings);
}

std::vector<store::Submission> notice_to_sender(const store::HeldEntry& entry, const Snapshot& snapshot,
                                                notify::HeldEvent event, Time now) {
  if (!entry.envelope.from) return {};
  store::Submission submission = begin_submission(arrival_of(entry));
  submission.reference = new_reference();
  submission.envelope = {.from = std::nullopt, .to = {{.mailbox = *entry.envelope.from}}};
  submission.received = now;
  add_held_notice(submission, entry, snapshot, event, now);
  std::vector<store::Submission> notices;
  notices.push_back(std::move(submission));
  return notices;
}

void log_end(const store::HeldEntry& entry, std::string_view event, const std::string& who) {
  for (const mail::Recipient& recipient : entry.envelope.to) {
    log::Event(event)
        .id(entry.reference)
        .address("from", entry.envelope.from_address())
        .address("to", recipient.mailbox.address())
        .field("by", who)
        .send();
  }
}

}  // namespace

Result<void> release_held(store::Store& store, metrics::Meters& meters, const Snapshot& snapshot,
                          const std::string& reference, const std::string& who, Time now) {
  const auto entry = store.held_entry(reference);
  if (!entry) return fail("no held message has the reference " + reference);
  const auto message = store.held_message(reference);
  if (!message) return std::unexpected(message.error());
  const World world{now, reference, [&](const mail::Mailbox& mailbox) { return store.agreed_password(mailbox); }};
  Examination examination = examine(snapshot, entry->envelope, *message, world);
  if (const auto* refused = std::get_if<Refused>(&examination.outcome))
    return fail("cannot be sent: " + refused->reply.text);
  if (const auto* wait = std::get_if<MustWait>(&examination.outcome)) return fail("the policy holds it: " + wait->why);

  const Arrival arrival = arrival_of(*entry);
  store::Submission submission = begin_submission(arrival);
  auto& copies = std::get<Copies>(examination.outcome);
  if (const auto wait = hand_over_passwords(*snapshot.settings, reference, copies)) return fail(wait->why);
  add_copies(submission, arrival, *snapshot.settings, std::move(copies));
  if (entry->envelope.from) add_held_notice(submission, *entry, snapshot, notify::HeldEvent::released, now);
  const Tidings tidings = tidings_of(submission, *snapshot.keys);
  Waiting waiting;
  store.release(reference, std::move(submission), who, waiting.done());
  waiting.wait();
  log_end(*entry, "released", who);
  tidings.tell(meters);
  meters.held_ended(metrics::HeldEnd::released);
  return {};
}

Result<void> end_held(store::Store& store, metrics::Meters& meters, const Snapshot& snapshot,
                      const std::string& reference, const std::string& event, const std::string& who, Time now) {
  const auto entry = store.held_entry(reference);
  if (!entry) return fail("no held message has the reference " + reference);
  const bool expired = event == "expired";
  const auto kind = expired ? notify::HeldEvent::expired : notify::HeldEvent::refused;
  Waiting waiting;
  store.end_held(reference, event, who, notice_to_sender(*entry, snapshot, kind, now), now, waiting.done());
  waiting.wait();
  log_end(*entry, event, who);
  meters.held_ended(expired ? metrics::HeldEnd::expired : metrics::HeldEnd::refused);
  return {};
}

std::size_t expire_held(store::Store& store, metrics::Meters& meters, const Snapshot& snapshot, Time now) {
  std::size_t ended = 0;
  for (const store::HeldEntry& entry : store.expired_held(now)) {
    if (end_held(store, meters, snapshot, entry.reference, "expired", "retention.held", now)) ++ended;
  }
  return ended;
}

}  // namespace zegel::receive
