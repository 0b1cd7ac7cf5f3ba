#include "receive/pipeline.h"

#include <chrono>
#include <utility>

#include "core/random.h"
#include "log/log.h"
#include "receive/clamd.h"
#include "receive/doubt.h"
#include "receive/events.h"
#include "receive/sender_rules.h"
#include "receive/submission.h"
#include "receive/users.h"
#include "receive/visible.h"

namespace zegel::receive {

namespace {

/// Gives a message's reply, and counts it.
struct Answering {
  metrics::Meters& meters;
  std::function<void(smtp::Reply)> done;
  std::chrono::steady_clock::time_point began = std::chrono::steady_clock::now();

  void operator()(metrics::Answer kind, smtp::Reply reply) const {
    meters.answered(kind, std::chrono::steady_clock::now() - began);
    done(std::move(reply));
  }
};

}  // namespace

/// One message on its way through.
struct Pipeline::Work {
  std::shared_ptr<const Snapshot> snapshot;
  Arrival arrival;
  mail::Message message;
  Answering answer;
  Copies copies = {};

  [[nodiscard]] const config::Settings& settings() const { return *snapshot->settings; }
};

Pipeline::Pipeline(Pools pools, store::Store& store, check::KnownRecipients& known, metrics::Meters& meters,
                   std::function<std::shared_ptr<const Snapshot>()> current)
    : pools_(std::move(pools)), store_(store), known_(known), meters_(meters), current_(std::move(current)) {}

std::unique_ptr<smtp::Reply> Pipeline::sender(const Client& client, const std::optional<mail::Mailbox>& from) {
  const auto snapshot = current_();
  const auto allowed = may_send(from, *snapshot->settings);
  if (allowed) return from ? over_rate(client, *from, *snapshot->settings) : nullptr;
  smtp::Reply reply{550, "5.7.1", allowed.error().say};
  log_refused("", client, from, "", "sender", "", reply);
  meters_.refused("sender");
  return std::make_unique<smtp::Reply>(std::move(reply));
}

/// limits.sender: a person who suddenly sends by the hundred is probably somebody else.
std::unique_ptr<smtp::Reply> Pipeline::over_rate(const Client& client, const mail::Mailbox& from,
                                                 const config::Settings& settings) {
  if (!settings.limits.sender || rate_.within_hour(mail::folded(from), now()) < *settings.limits.sender) return nullptr;
  log::Event("alarm", log::Level::warning)
      .field("what", "a sender is over limits.sender")
      .field("client", client.address)
      .address("from", from.address())
      .send();
  meters_.refused("rate");
  const std::string limit = std::to_string(*settings.limits.sender);
  return std::make_unique<smtp::Reply>(452, "4.7.1",
                                       "<" + from.address() + ">: more than " + limit + " messages an hour, try later");
}

std::unique_ptr<smtp::Reply> Pipeline::recipient(const Client& client, const std::optional<mail::Mailbox>& from,
                                                 const mail::Recipient& recipient) {
  const auto snapshot = current_();
  const config::Recipients& rules = snapshot->settings->recipients;
  const check::Verdict verdict = known_.current()->judge(recipient.mailbox);
  const OnDoubt action = what_to_do(verdict, rules);
  if (action != OnDoubt::confirm && action != OnDoubt::refuse) return nullptr;

  const Time at = now();
  const std::string sender = from ? mail::folded(*from) : std::string();
  const std::string address = mail::folded(recipient.mailbox);
  if (action == OnDoubt::confirm) {
    if (store_.confirmed(sender, address, at)) {
      known_.learn(recipient.mailbox);
      store_.learn({{address, 1, at}}, [](std::exception_ptr) {});
      return nullptr;
    }
    store_.ask_confirmation(sender, address, at + rules.confirm_window);
  }
  const std::string reference = new_reference();
  const bool typo = verdict.standing == check::Standing::near_miss;
  smtp::Reply reply = doubt_reply(recipient.mailbox, verdict, action, rules.confirm_window, reference);
  log_refused(reference, client, from, recipient.mailbox.address(), typo ? "typo" : "unknown", verdict.suggestion,
              reply);
  meters_.refused(typo ? "typo" : "unknown");
  store_.audit({at, reference, "refused", sender, address, typo ? "reason=typo" : "reason=unknown"});
  return std::make_unique<smtp::Reply>(std::move(reply));
}

void Pipeline::message(const Client& client, mail::Envelope envelope, std::string bytes,
                       std::function<void(smtp::Reply)> done) {
  const std::string reference = client.reference.empty() ? new_reference() : client.reference;
  Arrival arrival{client, std::move(envelope), reference, "", bytes.size(), now()};
  const auto work = std::make_shared<Work>(
      Work{current_(), std::move(arrival), mail::Message(std::move(bytes)), {meters_, std::move(done)}});
  go_on(pools_.sealing, work, &Pipeline::take_in);
}

/// An accident in a step is the message's alone: it is answered 451 and may come again.
void Pipeline::go_on(const Workers& pool, const Shared& work, Step step) {
  pool([this, work, step] {
    try {
      (this->*step)(work);
    } catch (const std::exception& accident) {
      log::Event("alarm", log::Level::error).id(work->arrival.reference).field("what", accident.what()).send();
      work->answer(metrics::Answer::deferred, {451, "4.3.0", "something went wrong here, try again"});
    }
  });
}

std::optional<MustWait> Pipeline::doubt_to_wait_for(const Work& work) const {
  for (const mail::Recipient& recipient : work.arrival.envelope.to) {
    const check::Verdict verdict = known_.current()->judge(recipient.mailbox);
    if (what_to_do(verdict, work.settings().recipients) != OnDoubt::hold) continue;
    return MustWait{check::explain(verdict, work.settings().office.language), verdict.suggestion,
                    recipient.mailbox.address()};
  }
  return std::nullopt;
}

/// Too many who can see each other: refused once, and sending it again is the confirmation.
std::optional<Refused> Pipeline::not_confirmed_visible(const Work& work) {
  const auto doubt = visible_doubt(work.message, work.settings());
  if (!doubt) return std::nullopt;
  const std::string sender = work.arrival.envelope.from_address();
  if (store_.confirmed(sender, doubt->key, work.arrival.at)) return std::nullopt;
  store_.ask_confirmation(sender, doubt->key, work.arrival.at + work.settings().recipients.confirm_window);
  return Refused{{550, "5.7.1", doubt->say}, "visible", "", doubt->say};
}

/// Asked before sealing: after it nobody can look inside.
std::optional<Refused> Pipeline::not_clean(const Work& work) {
  const auto found = scan(work.settings().scan.clamd, work.message.bytes());
  if (found && found->empty()) return std::nullopt;
  if (found) return Refused{{554, "5.7.1", "this message carries malware: " + *found}, "malware", "", *found};
  log::Event("alarm", log::Level::error).id(work.arrival.reference).field("what", found.error().why).send();
  if (!work.settings().scan.defer_without) return std::nullopt;
  return Refused{{451, "4.7.1", "the malware scanner is away, try again later"}, "scanner-away", "", found.error().why};
}

Examination Pipeline::examine_timed(const Work& work, const World& world) {
  const auto began = std::chrono::steady_clock::now();
  Examination examination = examine(*work.snapshot, work.arrival.envelope, work.message, world);
  meters_.took_to_seal(std::chrono::steady_clock::now() - began);
  return examination;
}

void Pipeline::take_in(const Shared& work) {
  work->arrival.message_id = message_id_of(work->message);
  if (const auto too_visible = not_confirmed_visible(*work)) return refuse(work, *too_visible);
  if (work->settings().scan.clamd.empty()) return seal(work);
  go_on(pools_.waiting, work, &Pipeline::have_scanned);
}

void Pipeline::have_scanned(const Shared& work) {
  if (const auto malware = not_clean(*work)) return refuse(work, *malware);
  go_on(pools_.sealing, work, &Pipeline::seal);
}

void Pipeline::seal(const Shared& work) {
  const World world{work->arrival.at, work->arrival.reference,
                    [this](const mail::Mailbox& mailbox) { return store_.agreed_password(mailbox); },
                    doubt_to_wait_for(*work)};
  Examination examination = examine_timed(*work, world);
  if (const auto* refused = std::get_if<Refused>(&examination.outcome)) return refuse(work, *refused);
  if (const auto* wait = std::get_if<MustWait>(&examination.outcome)) return hold(work, *wait);
  work->copies = std::move(std::get<Copies>(examination.outcome));
  if (work->arrival.envelope.from) rate_.count(mail::folded(*work->arrival.envelope.from), work->arrival.at);
  if (!has_passwords_to_hand_over(work->copies)) return accept(work);
  go_on(pools_.waiting, work, &Pipeline::hand_over);
}

void Pipeline::hand_over(const Shared& work) {
  const auto wait = hand_over_passwords(work->settings(), work->arrival.reference, work->copies);
  if (wait) return hold(work, *wait);
  accept(work);
}

void Pipeline::refuse(const Shared& work, const Refused& refused) {
  const Arrival& arrival = work->arrival;
  smtp::Reply reply = refused.reply;
  reply.text += " [" + arrival.reference + "]";
  log_refused(arrival.reference, arrival.client, arrival.envelope.from, refused.recipient, refused.reason, "", reply,
              refused.why);
  store_.audit({arrival.at, arrival.reference, "refused", arrival.envelope.from_address(), refused.recipient,
                "reason=" + refused.reason});
  meters_.refused(refused.reason);
  work->answer(reply.transient() ? metrics::Answer::deferred : metrics::Answer::refused, std::move(reply));
}

void Pipeline::refused(const Client& client, const mail::Envelope& envelope, const smtp::Reply& reply) {
  const std::string to = envelope.to.size() == 1 ? envelope.to.front().mailbox.address() : "";
  const std::string reason = reply.enhanced == "5.3.4"   ? "too-big"
                             : reply.enhanced == "5.4.6" ? "loop"
                             : reply.transient()         ? "busy"
                                                         : "unreadable";
  log_refused(client.reference, client, envelope.from, to, reason, "", reply, reply.text);
  store_.audit({now(), client.reference, "refused", envelope.from_address(), to, "reason=" + reason});
  meters_.refused(reason);
}

void Pipeline::hold(const Shared& work, const MustWait& wait) {
  const Time expires = work->arrival.at + work->settings().retention.held;
  store::Submission submission = begin_submission(work->arrival);
  submission.held = store::HeldMessage{work->message, wait.why, wait.suggestion, expires};
  if (work->arrival.envelope.from) {
    const notify::Letterhead head = letterhead(work->arrival, work->settings());
    add_notice(submission, head.to,
               notify::held_notice(head, notify::HeldEvent::held, wait.recipient, wait.why, wait.suggestion, expires),
               work->settings());
  }
  submit(work, std::move(submission), "held for confirmation");
}

/// recipients.on_typo or on_unknown = "warn": it goes out, and the sender is told.
void Pipeline::add_warnings(store::Submission& submission, const Work& work) const {
  if (!work.arrival.envelope.from) return;
  const notify::Letterhead head = letterhead(work.arrival, work.settings());
  for (const mail::Recipient& recipient : work.arrival.envelope.to) {
    const check::Verdict verdict = known_.current()->judge(recipient.mailbox);
    if (what_to_do(verdict, work.settings().recipients) != OnDoubt::warn) continue;
    const std::string why = check::explain(verdict, work.settings().office.language);
    add_notice(submission, head.to, notify::doubt_notice(head, recipient.mailbox, why, verdict.suggestion),
               work.settings());
  }
}

/// An agreed password that will soon be too old: whoever uses it is told, to agree on a new one in time.
void Pipeline::add_reminders(store::Submission& submission, const Work& work) {
  const config::Zip& zip = work.settings().zip;
  if (!work.arrival.envelope.from) return;
  for (const seal::Copy& copy : work.copies) {
    const bool by_zip = copy.method == Method::zip || copy.method == Method::zip_attachments;
    if (!by_zip || copy.password_mode != PasswordMode::agreed) continue;
    for (const mail::Recipient& recipient : copy.recipients) {
      const auto agreed = store_.agreed_password(recipient.mailbox);
      const Time now = work.arrival.at;
      if (!agreed || now < agreed->since + zip.agreed_for - zip.remind || !reminders_.due(agreed->whom, now)) continue;
      const Time until = agreed->since + zip.agreed_for;
      log_reminder(work.arrival.reference, recipient.mailbox, until);
      const notify::Letterhead head = letterhead(work.arrival, work.settings());
      add_notice(submission, head.to, notify::agreed_notice(head, agreed->whom, until), work.settings());
    }
  }
}

void Pipeline::accept(const Shared& work) {
  store::Submission submission = begin_submission(work->arrival);
  add_reminders(submission, *work);
  add_copies(submission, work->arrival, work->settings(), std::move(work->copies));
  add_warnings(submission, *work);
  submit(work, std::move(submission), "queued");
}

void Pipeline::submit(const Shared& work, store::Submission&& submission, std::string text) {
  const auto arrival = std::make_shared<const Arrival>(std::move(work->arrival));
  const auto tidings = std::make_shared<const Tidings>(tidings_of(submission, *work->snapshot->keys));
  const auto kind = submission.held ? metrics::Answer::held : metrics::Answer::queued;
  store_.submit(std::move(submission), [arrival, tidings, kind, text = std::move(text),
                                        answer = work->answer](std::exception_ptr accident) {
    if (accident) {
      log_store_failed(arrival->reference, accident);
      answer.meters.store_error("submit");
      return answer(metrics::Answer::deferred, {452, "4.3.1", "the store cannot take this now, try again later"});
    }
    log_received(*arrival);
    tidings->tell(answer.meters);
    answer(kind, {250, "2.0.0", arrival->reference + " " + text});
  });
}

void Pipeline::authenticate(const Client& client, smtp::Credentials credentials,
                            std::function<void(smtp::AuthVerdict)> done) {
  const std::string file = current_()->settings->server.users;
  const auto who = std::make_shared<const smtp::Credentials>(std::move(credentials));
  passwords_.ask(client.address, [file, who, done = std::move(done)] {
    auto verdict = smtp::AuthVerdict::unavailable;
    try {
      const bool good = password_matches(file, who->name, who->password.reveal());
      verdict = good ? smtp::AuthVerdict::accepted : smtp::AuthVerdict::rejected;
    } catch (const std::exception& accident) {
      log::Event("alarm", log::Level::error).field("what", accident.what()).send();
    }
    done(verdict);
  });
}

}  // namespace zegel::receive
