#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>

#include "send/conclusion.h"
#include "send/dispatcher.h"
#include "send/lane.h"
#include "send/surroundings.h"

namespace zegel::send {

/// Behind Dispatcher. All of it on one strand, but for what is marked.
class Dispatcher::Work : public Yard, public std::enable_shared_from_this<Dispatcher::Work> {
 public:
  Work(boost::asio::io_context&, std::shared_ptr<const Terms>, store::Store&, Surroundings);
  ~Work() override;

  // From any thread.
  void start();
  void renew(std::shared_ptr<const Terms>);
  void stop(std::function<void()> done);
  [[nodiscard]] Figures figures() const;
  [[nodiscard]] std::uint16_t mx_port() const { return around_.mx_port; }

  std::shared_ptr<Yard> keep() override { return shared_from_this(); }
  bool take_slot(const Lane&) override;
  void slot_free() override;
  Absences& absences() override { return absences_; }
  bool others_wait() override;
  Result<seal::Sealed> read(store::CopyId) override;
  void heard(const std::shared_ptr<Job>&, std::vector<Outcome>) override;
  void lost(const std::shared_ptr<Job>&) override;

 private:
  /// What the store said of an attempt, on its own thread.
  struct Recorded {
    std::shared_ptr<const store::Attempt> attempt;
    std::exception_ptr error;
  };

  void call(void (Work::*)());  ///< on the strand, from any thread
  void wake_soon();             ///< from any thread
  void wake();
  void take(store::QueuedCopy);
  void set_timer();
  void look_at_clock();
  void mend_due_times(Time now);
  std::shared_ptr<Lane> lane_for(const Destination&, const std::shared_ptr<const Terms>&);
  void conclude(const std::shared_ptr<Job>&);
  void count(const store::QueuedCopy&, const Conclusion&);
  void record(std::shared_ptr<const store::Attempt>);
  void recorded(Recorded);  ///< on the store's thread
  void take_in_recorded();
  void record_again();
  void share_slots();
  void begin_to_stop();
  void finish_if_empty();

  boost::asio::any_io_executor strand_;
  store::Store& store_;
  Surroundings around_;
  std::shared_ptr<const Terms> terms_;
  std::shared_ptr<Resolver> resolver_;
  Absences absences_;
  std::map<std::string, std::shared_ptr<Lane>> lanes_;
  boost::asio::steady_timer due_timer_;
  boost::asio::steady_timer again_timer_;
  boost::asio::steady_timer grace_timer_;
  std::vector<std::shared_ptr<const store::Attempt>> refused_;  ///< by the store: offered again
  Reading last_reading_;
  std::uint64_t generation_ = 0;  ///< of terms
  std::uint32_t lines_ = 0;
  bool slots_short_ = false;
  bool sharing_ = false;
  bool more_due_ = false;        ///< the last take_due was full
  bool timer_is_right_ = false;  ///< nothing became due later since it was set
  std::chrono::steady_clock::time_point mended_ = {};
  bool stopping_ = false;
  bool grace_over_ = false;
  std::function<void()> stopped_;

  std::atomic<bool> wake_posted_ = false;
  std::mutex recorded_mutex_;
  std::vector<Recorded> recorded_;

  struct {
    std::atomic<std::uint64_t> sent = 0, deferred = 0, bounced = 0, opened = 0;
    std::atomic<std::uint32_t> connections = 0, in_hand = 0;
  } count_;
};

}  // namespace zegel::send
