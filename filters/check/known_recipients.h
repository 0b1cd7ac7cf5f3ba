#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "check/index.h"

namespace zegel::check {

/// What the office knows, following its changes: one big index, and small ones for what came since. Thread-safe,
/// without threads of its own; learning costs microseconds, however big the index is.
class KnownRecipients {
 public:
  explicit KnownRecipients(std::shared_ptr<const Index> = std::make_shared<Index>());

  /// What is known now. Cheap; hold it for one message, then let go.
  [[nodiscard]] std::shared_ptr<const Index> current() const;

  /// All anew, e.g. after a reload. What was learned meanwhile stays unless it is in the new one already.
  void replace(std::shared_ptr<const Index>);

  /// Mail reached these, or a person confirmed them: known from the next current() on.
  void learn(const std::vector<Entry>&);
  void learn(const mail::Mailbox&, std::uint32_t mails = 1);

  /// Takes entries (`jan@klant.nl`, `klant.nl`, `.klant.nl`, folded) out of everything that was learned; what a file or
  /// the shipped list names stays. Builds anew: call it off the I/O threads. False: there was none of them.
  bool forget(const std::set<std::string, std::less<>>& entries);

  /// So much was learned that look-ups gain from tidy(). Ask now and then.
  [[nodiscard]] bool wants_tidying() const;
  /// Builds the big index anew with what was learned (seconds for a million entries, so in a worker); others may ask
  /// and learn meanwhile.
  void tidy();

 private:
  [[nodiscard]] bool is_worth_publishing(const Entry&, const Index&);
  void lay_recent();
  void publish(std::shared_ptr<const Index>);
  void rebuild(const std::set<std::string, std::less<>>& without);

  mutable std::mutex reading_;  // guards current_ only, for as long as a pointer is copied
  std::mutex writing_;          // guards what follows current_; held while something small is built
  std::mutex rebuilding_;       // one at a time; taken before writing_
  std::shared_ptr<const Index> current_;
  std::shared_ptr<const Index> base_;  // without what is in recent_
  std::vector<Entry> recent_;          // what came since base_ was built
  std::size_t settled_ = 0;            // so many of them are in middle_, the rest in the last, smallest layer
  std::shared_ptr<const Layer> middle_;
  std::map<std::string, std::uint32_t, std::less<>> more_mails_;  // to what is known already, for the next rebuild
};

}  // namespace zegel::check
