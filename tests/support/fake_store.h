#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "store/store.h"

namespace zegel::fake {

/// A Store in memory: the queue as the contract has it, the rest as far as tests ask for it. Thread-safe.
class FakeStore : public store::Store {
 public:
  // What tests do and see.

  /// While set, `record` and `submit` fail with it and nothing of them happens.
  void fail_with(std::exception_ptr);
  /// Every attempt recorded so far.
  [[nodiscard]] std::vector<store::Attempt> attempts() const;
  /// The notices that came with attempts, in order.
  [[nodiscard]] std::vector<store::Submission> notices() const;
  [[nodiscard]] std::size_t taken() const;
  [[nodiscard]] std::size_t reads() const { return reads_; }
  /// Times `next_due` and `take_due` were asked: a dispatcher that polls asks often.
  [[nodiscard]] std::size_t questions() const { return questions_; }
  /// Changes a queued copy behind the dispatcher's back.
  void change(store::CopyId, const std::function<void(store::QueuedCopy&)>&);

  void submit(store::Submission, Done) override;
  std::vector<store::QueuedCopy> take_due(Time now, std::size_t limit) override;
  std::optional<Time> next_due() override;
  Result<seal::Sealed> read(store::CopyId) override;
  void record(store::Attempt, Done) override;
  void give_back(store::CopyId) override;
  void on_due(std::function<void()>) override;
  std::vector<store::QueuedCopy> queue(store::CopyId after, std::size_t limit) override;
  std::size_t retry_now(const std::optional<std::string>& reference, Time now) override;
  std::size_t set_on_hold(const std::string& reference, bool) override;
  std::size_t drop(const std::string& reference, const std::string& who, Time now) override;

  std::vector<store::HeldEntry> held() override { return {}; }
  std::optional<store::HeldEntry> held_entry(const std::string&) override { return {}; }
  Result<mail::Message> held_message(const std::string&) override { return fail("nothing is held"); }
  void release(const std::string&, store::Submission, const std::string&, Done) override;
  void end_held(const std::string&, const std::string&, const std::string&, std::vector<store::Submission>, Time,
                Done) override;
  std::vector<store::HeldEntry> expired_held(Time) override { return {}; }
  std::vector<store::LearnedRecipient> learned() override { return {}; }
  void learn(std::vector<store::LearnedRecipient>, Done) override;
  std::size_t unlearn(const std::string&) override { return 0; }
  void ask_confirmation(std::string_view, std::string_view, Time) override {}
  bool confirmed(std::string_view, std::string_view, Time) override { return false; }
  std::vector<store::MessagePassword> passwords(const std::string&) override { return {}; }
  void set_agreed_password(const std::string&, Secret, Time) override {}
  std::optional<store::AgreedPassword> agreed_password(const mail::Mailbox&) override { return {}; }
  std::vector<std::pair<std::string, Time>> agreed_passwords() override { return {}; }
  std::size_t forget_passwords(const std::string&) override { return 0; }
  void audit(store::AuditRow) override {}
  std::vector<store::AuditRow> trace(const std::string&) override { return {}; }
  Forgotten forget(const std::string&, Time) override { return {}; }
  void sweep(const Retention&, Time) override {}
  std::string pseudonym(std::string_view of) const override { return "pseudonym of " + std::string(of); }
  Figures figures() override;
  std::vector<std::string> integrity() override { return {}; }

 private:
  struct Row {
    store::QueuedCopy copy;
    seal::Sealed message;
    bool taken = false;
  };

  void put(const store::Submission&);
  void apply(const store::Attempt&);
  void tell();

  mutable std::mutex mutex_;
  std::map<store::CopyId, Row> rows_;
  std::vector<store::Attempt> attempts_;
  std::vector<store::Submission> notices_;
  std::function<void()> on_due_;
  std::exception_ptr error_;
  store::CopyId last_ = 0;
  std::size_t reads_ = 0;
  std::size_t questions_ = 0;
};

}  // namespace zegel::fake
