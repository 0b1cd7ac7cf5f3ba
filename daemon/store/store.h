#pragma once

#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/result.h"
#include "core/secret.h"
#include "core/terms.h"
#include "core/time.h"
#include "mail/envelope.h"
#include "mail/message.h"
#include "seal/sealed.h"

/// One durable store: outgoing copies, held messages, learned recipients, passwords, audit. Whatever holds content is
/// encrypted with a key of its own, which goes with the row.
namespace zegel::store {

using CopyId = std::int64_t;

/// By which road a copy goes.
enum class Via { next_hop, office };

/// One sealed copy on its way to some recipients.
struct OutgoingCopy {
  seal::Sealed message;
  std::vector<mail::Recipient> recipients;
  Via via = Via::next_hop;
  Method method = Method::smime;
  bool notice = false;  ///< written by us: a bounce or a notice, from the null reverse-path
  Tls tls = Tls::verified;
  Language language = Language::nl;
  std::string rule = {};               ///< `zegel.toml:41`
  std::vector<std::string> keys = {};  ///< fingerprints
};

/// A message that waits for a person: the original, kept encrypted.
struct HeldMessage {
  mail::Message message;
  std::string why = {};         ///< for the administrator: "near-miss: did you mean jan@gmail.com?"
  std::string suggestion = {};  ///< an address, or empty
  Time expires;
};

/// A zip password that was agreed with somebody.
struct AgreedPassword {
  Secret password;
  std::string whom;  ///< the address or the domain that it was agreed with
  Time since;
};

/// A per-message zip password, kept for `zegel password show REF`.
struct MessagePassword {
  std::string recipient = {};
  Secret password;
  Time expires;
};

/// A message taken in, committed as one: all of it is durable or nothing is.
struct Submission {
  std::string reference = {};
  mail::Envelope envelope = {};
  std::string client = {};      ///< `127.0.0.1`
  std::string client_tls = {};  ///< `TLSv1.3`, or empty
  std::string message_id = {};  ///< of the original, for trace
  std::uint64_t size = 0;
  Time received = {};
  std::vector<OutgoingCopy> copies = {};  ///< empty when held
  std::optional<HeldMessage> held = {};
  std::vector<MessagePassword> passwords = {};
};

/// A copy in the queue, without its octets.
struct QueuedCopy {
  CopyId id = 0;
  std::string reference = {};
  std::optional<mail::Mailbox> from = {};  ///< the original's reverse-path; for a notice: nothing
  std::string envelope_id = {};
  std::vector<mail::Recipient> recipients = {};  ///< those still to be reached
  Via via = Via::next_hop;
  Method method = Method::smime;
  bool notice = false;
  bool smtputf8 = false;
  Tls tls = Tls::verified;
  Language language = Language::nl;
  std::string rule = {};
  std::uint64_t size = 0;
  Time received = {};
  Time due = {};
  std::uint32_t attempts = 0;
  bool on_hold = false;         ///< `zegel queue hold`
  bool delay_notified = false;  ///< the 4-hour notice was sent
  std::string client = {};      ///< for the default of office.relay
  std::string last_reply = {};  ///< of the last attempt, one line
};

/// What became of one recipient in one attempt.
struct RecipientOutcome {
  mail::Mailbox recipient;
  enum class Kind { delivered, retry, failed } kind = Kind::retry;
  std::string reply = {};  ///< the next hop's, one line, or our own words
  std::string relay = {};  ///< `smtp.provider.nl:587`
  std::string tls = {};    ///< `TLSv1.3/verified`, or `none`
};

/// What became of a copy in one attempt, with what must be sent because of it (a bounce, a delay notice): one
/// transaction, so that a bounce is neither lost nor sent twice.
struct Attempt {
  CopyId copy = 0;
  Time at;
  std::vector<RecipientOutcome> outcomes = {};  ///< recipients left out stay as they were
  Time next_due = {};                           ///< for those that are to be retried
  bool delay_notified = false;
  std::vector<Submission> notices = {};
  bool learn = true;  ///< delivered recipients become known (recipients.learn, not for notices)
};

/// A held message, for lists.
struct HeldEntry {
  std::string reference = {};
  mail::Envelope envelope = {};
  std::string client = {}, message_id = {}, why = {}, suggestion = {};
  std::uint64_t size = 0;
  Time received = {}, expires = {};
};

/// A recipient that mail reached, or that a person confirmed.
struct LearnedRecipient {
  std::string address = {};  ///< folded; or a domain alone
  std::uint64_t mails = 0;
  Time last = {};
};

/// One line of a message's history.
struct AuditRow {
  Time at;
  std::string reference = {};
  std::string event = {};  ///< received, sealed, sent, deferred, bounced, held, released, refused, expired, forgotten,
                           ///< password-shown, dropped
  std::string who = {};    ///< sender, or the administrator's user for decisions
  std::string recipient = {};  ///< or empty
  std::string detail = {};     ///< logfmt: `method=smime key=… tls=… relay=… reply="…"`
};

/// Thread-safe. Writes are queued to one writer, which commits whatever waits in one transaction (group commit), and
/// are durable when `done` is called with null; else `done` gets what went wrong (store full, disk failing) and nothing
/// of it happened. `done` runs on the writer's thread: it must only hand on. Reads run on the caller's thread and may
/// throw. Calls that return a value after a change wait for its commit: never make them from `done` or `on_due`.
class Store {
 public:
  using Done = std::function<void(std::exception_ptr)>;
  virtual ~Store() = default;

  /// Locks the octets on the caller's thread (10 KB: some 10 us), then queues.
  virtual void submit(Submission, Done) = 0;

  /// Takes up to `limit` copies that are due, oldest first. A taken copy is not given out again until `record` or
  /// `give_back`, or a restart.
  virtual std::vector<QueuedCopy> take_due(Time now, std::size_t limit) = 0;
  /// When the next copy that nobody took becomes due.
  virtual std::optional<Time> next_due() = 0;
  /// Error: the row is damaged; it has been set aside and is reported by `integrity`.
  virtual Result<seal::Sealed> read(CopyId) = 0;
  /// What happened must not be forgotten: when the disk is full or fails, this is tried again every second, the copy
  /// stays taken, and `done` comes when it is durable; with an error only if that never was before the store was
  /// closed.
  virtual void record(Attempt, Done) = 0;
  virtual void give_back(CopyId) = 0;
  /// Called on any thread whenever a copy may have become due: after submit, retry, release.
  virtual void on_due(std::function<void()>) = 0;

  // The queue, by hand.
  /// Up to `limit` copies behind the one with the id `after` (0: from the first), oldest first: a long queue in pages.
  /// Fewer than `limit`: there are no more.
  virtual std::vector<QueuedCopy> queue(CopyId after, std::size_t limit) = 0;
  /// Also what to call when the clock was found to be set back: due times are by the calendar.
  virtual std::size_t retry_now(const std::optional<std::string>& reference, Time now) = 0;  ///< nothing: all
  virtual std::size_t set_on_hold(const std::string& reference, bool) = 0;
  virtual std::size_t drop(const std::string& reference, const std::string& who, Time now) = 0;

  // Held messages.
  virtual std::vector<HeldEntry> held() = 0;
  virtual std::optional<HeldEntry> held_entry(const std::string& reference) = 0;
  virtual Result<mail::Message> held_message(const std::string& reference) = 0;
  /// Puts the released message's copies in the queue and takes the held one away, in one transaction.
  virtual void release(const std::string& reference, Submission, const std::string& who, Done) = 0;
  /// Takes it away; `notices` (to the sender) go with it. `event` is "refused" or "expired".
  virtual void end_held(const std::string& reference, const std::string& event, const std::string& who,
                        std::vector<Submission> notices, Time now, Done) = 0;
  virtual std::vector<HeldEntry> expired_held(Time now) = 0;

  // Recipients.
  virtual std::vector<LearnedRecipient> learned() = 0;
  virtual void learn(std::vector<LearnedRecipient>, Done) = 0;
  virtual std::size_t unlearn(const std::string& address) = 0;
  /// A confirmation asked for: only a keyed hash of (sender, address) is kept.
  virtual void ask_confirmation(std::string_view sender, std::string_view recipient, Time until) = 0;
  /// True when it had been asked for and `now` is within the window; it is then forgotten (the recipient is learned).
  virtual bool confirmed(std::string_view sender, std::string_view recipient, Time now) = 0;

  // Passwords.
  virtual std::vector<MessagePassword> passwords(const std::string& reference) = 0;
  virtual void set_agreed_password(const std::string& address_or_domain, Secret, Time now) = 0;
  /// With the address, else with its domain; however old.
  virtual std::optional<AgreedPassword> agreed_password(const mail::Mailbox&) = 0;
  virtual std::vector<std::pair<std::string, Time>> agreed_passwords() = 0;  ///< for whom, and since when
  virtual std::size_t forget_passwords(const std::string& address) = 0;

  // Audit and privacy.
  virtual void audit(AuditRow) = 0;  ///< queued, best effort
  virtual std::vector<AuditRow> trace(const std::string& reference_or_message_id) = 0;
  struct Forgotten {
    std::size_t learned = 0, passwords = 0, held = 0, audit = 0;
    std::vector<std::string> kept = {};  ///< what was kept and why: "2 messages in the queue: …"
  };
  /// Everything that names `address`; held mail only if it was for nobody else.
  virtual Forgotten forget(const std::string& address, Time now) = 0;
  struct Retention {
    seconds passwords, audit, learned;
  };
  /// Removes what is past its time; called every few minutes.
  virtual void sweep(const Retention&, Time now) = 0;

  /// A name for `of` that cannot be turned back, nor guessed at, without the store key; the same at every start.
  [[nodiscard]] virtual std::string pseudonym(std::string_view of) const = 0;

  struct Figures {
    std::size_t queued = 0, held = 0, set_aside = 0;
    std::optional<Time> oldest = {};
  };
  virtual Figures figures() = 0;
  /// Problems found at start or later, one sentence each; empty when whole.
  virtual std::vector<std::string> integrity() = 0;
};

/// Opens (and makes, 0700) `dir`/zegel.db with `dir`/store.key or the given key. One process per store.
/// Error: another daemon has it, no permission, wrong key, a newer schema.
[[nodiscard]] Result<std::unique_ptr<Store>> open_sqlite(const std::string& dir,
                                                         std::optional<Secret> store_key = std::nullopt);

}  // namespace zegel::store
