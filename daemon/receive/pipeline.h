#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "check/known_recipients.h"
#include "metrics/meters.h"
#include "receive/examine.h"
#include "receive/gatehouse.h"
#include "receive/password_desk.h"
#include "receive/reminders.h"
#include "receive/sender_rate.h"
#include "receive/snapshot.h"
#include "store/store.h"

namespace zegel::receive {

/// Runs work on a pool of threads. Thread-safe.
using Workers = std::function<void(std::function<void()>)>;

/// A thread a core seals. What may stand still for a minute on somebody else (clamd, zip.command) waits elsewhere, so
/// that it holds up its own message and no other.
struct Pools {
  Workers sealing;
  Workers waiting;
};

/// What the gateway does with what comes to its door: check → decide → seal → store → reply. Thread-safe.
class Pipeline : public Gatehouse {
 public:
  /// `current` gives the snapshot in force; called once for each question. All must outlive the pipeline.
  Pipeline(Pools, store::Store&, check::KnownRecipients&, metrics::Meters&,
           std::function<std::shared_ptr<const Snapshot>()> current);

  std::unique_ptr<smtp::Reply> sender(const Client&, const std::optional<mail::Mailbox>& from) override;
  std::unique_ptr<smtp::Reply> recipient(const Client&, const std::optional<mail::Mailbox>& from,
                                         const mail::Recipient&) override;
  void message(const Client&, mail::Envelope, std::string bytes, std::function<void(smtp::Reply)> done) override;
  void refused(const Client&, const mail::Envelope&, const smtp::Reply&) override;
  void authenticate(const Client&, smtp::Credentials, std::function<void(smtp::AuthVerdict)> done) override;

 private:
  struct Work;
  using Shared = std::shared_ptr<Work>;
  using Step = void (Pipeline::*)(const Shared&);
  void go_on(const Workers&, const Shared&, Step);
  void take_in(const Shared&);
  void have_scanned(const Shared&);
  void seal(const Shared&);
  void hand_over(const Shared&);
  void accept(const Shared&);
  void refuse(const Shared&, const Refused&);
  void hold(const Shared&, const MustWait&);
  void submit(const Shared&, store::Submission&&, std::string text);
  std::unique_ptr<smtp::Reply> over_rate(const Client&, const mail::Mailbox& from, const config::Settings&);
  Examination examine_timed(const Work&, const World&);
  static std::optional<Refused> not_clean(const Work&);
  std::optional<Refused> not_confirmed_visible(const Work&);
  void add_warnings(store::Submission&, const Work&) const;
  void add_reminders(store::Submission&, const Work&);
  std::optional<MustWait> doubt_to_wait_for(const Work&) const;

  Pools pools_;
  store::Store& store_;
  check::KnownRecipients& known_;
  metrics::Meters& meters_;
  std::function<std::shared_ptr<const Snapshot>()> current_;
  SenderRate rate_;
  PasswordDesk passwords_;
  Reminders reminders_;
};

}  // namespace zegel::receive
