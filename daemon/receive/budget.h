#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <utility>

namespace zegel::receive {

/// How many octets of messages may be in work at once, from the first one that comes in until the reply
/// (server.memory). Thread-safe.
class Budget {
 public:
  explicit Budget(std::uint64_t limit) : limit_(limit) {}

  void set_limit(std::uint64_t limit) { limit_ = limit; }
  [[nodiscard]] bool has_room(std::uint64_t octets) const { return used_ + octets <= limit_; }
  [[nodiscard]] std::uint64_t used() const { return used_; }

  /// What one message takes of it; given back when it goes.
  class Share {
   public:
    explicit Share(std::shared_ptr<Budget> budget) : budget_(std::move(budget)) {}
    Share(const Share&) = delete;
    Share& operator=(const Share&) = delete;
    ~Share() { release(); }

    /// Takes so much that it holds `octets`. False: the budget is spent, nothing changed.
    [[nodiscard]] bool hold(std::uint64_t octets) {
      if (octets <= held_) return true;
      const std::uint64_t more = octets - held_;
      if (budget_->used_.fetch_add(more) + more > budget_->limit_) {
        budget_->used_ -= more;
        return false;
      }
      held_ = octets;
      return true;
    }
    void release() { budget_->used_ -= std::exchange(held_, 0); }

   private:
    std::shared_ptr<Budget> budget_;
    std::uint64_t held_ = 0;
  };

 private:
  std::atomic<std::uint64_t> limit_;
  std::atomic<std::uint64_t> used_ = 0;
};

}  // namespace zegel::receive
