#pragma once

#include <atomic>
#include <memory>
#include <mutex>

#include "store/agenda.h"
#include "store/folder.h"
#include "store/intake.h"
#include "store/keyring.h"
#include "store/readers.h"
#include "store/store.h"
#include "store/writer.h"

namespace zegel::store {

/// The store on SQLite: one writer, any number of readers, and what is due in memory.
class SqliteStore final : public Store {
 public:
  SqliteStore(File lock, const std::string& path, std::unique_ptr<Database>, const Secret& store_key);

  void submit(Submission, Done) override;
  std::vector<QueuedCopy> take_due(Time now, std::size_t limit) override;
  std::optional<Time> next_due() override { return agenda_.next_due(); }
  Result<seal::Sealed> read(CopyId) override;
  void record(Attempt, Done) override;
  void give_back(CopyId) override;
  void on_due(std::function<void()>) override;

  std::vector<QueuedCopy> queue(CopyId after, std::size_t limit) override;
  std::size_t retry_now(const std::optional<std::string>& reference, Time now) override;
  std::size_t set_on_hold(const std::string& reference, bool) override;
  std::size_t drop(const std::string& reference, const std::string& who, Time now) override;

  std::vector<HeldEntry> held() override;
  std::optional<HeldEntry> held_entry(const std::string& reference) override;
  Result<mail::Message> held_message(const std::string& reference) override;
  void release(const std::string& reference, Submission, const std::string& who, Done) override;
  void end_held(const std::string& reference, const std::string& event, const std::string& who,
                std::vector<Submission> notices, Time now, Done) override;
  std::vector<HeldEntry> expired_held(Time now) override;

  std::vector<LearnedRecipient> learned() override;
  void learn(std::vector<LearnedRecipient>, Done) override;
  std::size_t unlearn(const std::string& address) override;
  void ask_confirmation(std::string_view sender, std::string_view recipient, Time until) override;
  bool confirmed(std::string_view sender, std::string_view recipient, Time now) override;

  std::vector<MessagePassword> passwords(const std::string& reference) override;
  void set_agreed_password(const std::string& address_or_domain, Secret, Time now) override;
  std::optional<AgreedPassword> agreed_password(const mail::Mailbox&) override;
  std::vector<std::pair<std::string, Time>> agreed_passwords() override;
  std::size_t forget_passwords(const std::string& address) override;

  void audit(AuditRow) override;
  std::vector<AuditRow> trace(const std::string& reference_or_message_id) override;
  Forgotten forget(const std::string& address, Time now) override;
  void sweep(const Retention&, Time now) override;

  std::string pseudonym(std::string_view of) const override { return keyring_.pseudonym(of); }
  Figures figures() override;
  std::vector<std::string> integrity() override;

 private:
  using Intakes = std::vector<Intake>;
  /// Copies that `which`, on the writer's thread, names: how many were there and are due now.
  std::size_t make_due(const std::function<std::vector<CopyId>(Database&)>& which, Time now);
  std::shared_ptr<Intakes> lock_all(std::vector<Submission>&&);
  void remember(const Intake&);
  std::optional<QueuedCopy> take(Database&, const Appointment&, Time now);
  void put_aside(CopyId, const std::string& why);
  std::vector<HeldEntry> read_held_entries(Database&, const std::vector<RowId>&);
  void tell_due();

  File lock_;  // first in, last out
  Keyring keyring_;
  Ids ids_;
  Problems problems_;
  Agenda agenda_;
  Readers readers_;
  std::atomic<bool> due_ = false;
  std::mutex on_due_mutex_;
  std::function<void()> on_due_;  // guarded by on_due_mutex_
  Writer writer_;                 // last: its thread uses all the rest
};

}  // namespace zegel::store
