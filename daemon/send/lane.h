#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/any_io_executor.hpp>

#include "send/courier.h"
#include "send/outcome.h"
#include "send/route.h"
#include "store/store.h"

namespace zegel::send {

/// A copy that was taken out of the queue, until what became of it is written down.
struct Job {
  store::QueuedCopy copy;
  std::shared_ptr<const Terms> terms;
  std::size_t legs = 0;  ///< still to be heard of
  std::vector<Outcome> outcomes = {};
};

/// One leg of a job, waiting in a lane.
struct Errand {
  std::shared_ptr<Job> job;
  std::vector<mail::Recipient> recipients;
  bool came_back = false;  ///< from a dead line, untouched: the next one counts
};

class Lane;

/// What lanes need of the dispatcher. All on its strand.
class Yard {
 public:
  virtual ~Yard() = default;
  /// Held by every line while it lives.
  virtual std::shared_ptr<Yard> keep() = 0;
  /// Room for one line more. False: the lane will be told by try_open when there is.
  virtual bool take_slot(const Lane&) = 0;
  virtual void slot_free() = 0;
  virtual Absences& absences() = 0;
  /// Whether a lane without any line waits for a slot: then a line that is between two errands makes room.
  virtual bool others_wait() = 0;
  /// Error: damaged, and set aside by the store.
  virtual Result<seal::Sealed> read(store::CopyId) = 0;
  virtual void heard(const std::shared_ptr<Job>&, std::vector<Outcome>) = 0;
  /// The copy cannot be sent at all: out of hand, without outcome.
  virtual void lost(const std::shared_ptr<Job>&) = 0;
};

/// Everything on its way to one destination: the errands that wait, and the lines that serve them. Opens one line at a
/// time, and another only while errands wait and the last one went well: a next hop that is down costs one line, and
/// one that is busy is not stormed.
class Lane : public std::enable_shared_from_this<Lane> {
 public:
  Lane(Yard&, boost::asio::any_io_executor, Destination, std::shared_ptr<const Terms>, std::shared_ptr<Resolver>,
       Timeouts, std::uint32_t most_lines);

  void add(Errand);
  /// Opens a line if errands wait for one, none is being opened, and the yard has room.
  void try_open();
  [[nodiscard]] bool waits() const { return !waiting_.empty(); }
  [[nodiscard]] bool has_lines() const { return lines_ > 0; }
  /// Neither errands nor lines: may be forgotten.
  [[nodiscard]] bool empty() const { return waiting_.empty() && lines_ == 0; }

  /// One idle line says goodbye. False: there was none.
  bool retire_idle();
  /// All idle lines say goodbye, and busy ones after their errand.
  void retire();
  /// Takes the errands out that nobody has begun.
  std::deque<Errand> withdraw();
  void break_off();

 private:
  struct Idle;
  net::Task<void> work();
  net::Task<void> serve(Line&);
  net::Task<void> run(Line&, Errand);
  net::Task<bool> wait_for_errand();
  bool wake(bool to_go);
  void no_line(const NoLine&);
  [[nodiscard]] std::uint32_t room_for_lines() const;

  Yard& yard_;
  boost::asio::any_io_executor executor_;
  Destination destination_;
  std::shared_ptr<const Terms> terms_;
  std::shared_ptr<Resolver> resolver_;
  Timeouts timeouts_;
  std::uint32_t most_lines_;
  std::uint32_t shrunk_to_ = 0;  ///< the next hop wanted no more than these
  std::chrono::steady_clock::time_point shrunk_until_ = {};
  std::deque<Errand> waiting_;
  std::vector<std::shared_ptr<Idle>> idle_;
  std::list<Line*> busy_;
  std::uint32_t lines_ = 0;
  std::size_t woken_ = 0;  ///< idle lines on their way to an errand
  bool opening_ = false;
  bool retiring_ = false;
  bool broken_off_ = false;
};

}  // namespace zegel::send
