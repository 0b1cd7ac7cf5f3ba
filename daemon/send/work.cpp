#include "send/work.h"

#include <algorithm>
#include <functional>
#include <random>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include "core/random.h"
#include "log/log.h"
#include "net/strand.h"
#include "send/bounces.h"
#include "send/conclusion.h"

namespace zegel::send {

namespace asio = boost::asio;

namespace {

/// Copies in hand, for each line that may be open; their octets are read only when a line takes them.
constexpr std::uint32_t in_hand_per_line = 50;
/// Of all lines, one destination of several may have a quarter.
constexpr std::uint32_t share_of_one = 4;
constexpr std::chrono::seconds between_mendings{60};
constexpr milliseconds shortest_sleep{10};

Reading read_clocks() {
  return {now(), std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now().time_since_epoch())};
}

/// Who can guess a delay gains nothing: no need for better random numbers than these.
std::function<double()> dice() {
  constexpr std::uint32_t seeds = 1U << 30;
  return [engine = std::minstd_rand(random_below(seeds) + 1)]() mutable {
    return std::generate_canonical<double, 20>(engine);
  };
}

std::string what(const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (const std::exception& accident) { return accident.what(); }
}

}  // namespace

Dispatcher::Work::Work(asio::io_context& io, std::shared_ptr<const Terms> terms, store::Store& store,
                       Surroundings around)
    : strand_(net::strand(io)),
      store_(store),
      around_(std::move(around)),
      terms_(std::move(terms)),
      resolver_(around_.resolver ? around_.resolver : make_resolver(strand_)),
      due_timer_(strand_),
      again_timer_(strand_),
      grace_timer_(strand_) {
  if (!around_.clock) around_.clock = read_clocks;
  if (!around_.dice) around_.dice = dice();
  last_reading_ = around_.clock();
}

Dispatcher::Work::~Work() = default;

void Dispatcher::Work::call(void (Work::*what)()) {
  asio::post(strand_, [weak = weak_from_this(), what] {
    if (const auto self = weak.lock()) (self.get()->*what)();
  });
}

void Dispatcher::Work::wake_soon() {
  if (!wake_posted_.exchange(true)) call(&Work::wake);
}

void Dispatcher::Work::start() {
  store_.on_due([weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->wake_soon();
  });
  wake_soon();
}

void Dispatcher::Work::renew(std::shared_ptr<const Terms> terms) {
  asio::post(strand_, [self = shared_from_this(), terms = std::move(terms)] {
    self->terms_ = terms;
    ++self->generation_;
    for (auto& [key, lane] : self->lanes_) lane->retire();
    self->timer_is_right_ = false;
    self->wake();
  });
}

/// Fills the hand with what is due, and sleeps until something is.
void Dispatcher::Work::wake() {
  wake_posted_ = false;
  if (stopping_) return;
  look_at_clock();
  const std::uint32_t most = std::max(terms_->settings->delivery.connections, 1U) * in_hand_per_line;
  const std::uint32_t room = most - std::min<std::uint32_t>(most, count_.in_hand);
  if (room > 0) {
    auto due = store_.take_due(last_reading_.calendar, room);
    more_due_ = due.size() == room;
    for (auto& copy : due) take(std::move(copy));
  }
  if (!more_due_) set_timer();
}

void Dispatcher::Work::take(store::QueuedCopy copy) {
  const auto job = std::make_shared<Job>(Job{.copy = std::move(copy), .terms = terms_});
  ++count_.in_hand;
  auto legs = route(job->copy, *terms_->settings);
  job->legs = legs.size();
  for (auto& leg : legs) {
    if (leg.recipients.empty()) {
      lost(job);
    } else {
      lane_for(leg.destination, terms_)->add({.job = job, .recipients = std::move(leg.recipients)});
    }
  }
}

std::shared_ptr<Lane> Dispatcher::Work::lane_for(const Destination& destination,
                                                 const std::shared_ptr<const Terms>& terms) {
  auto& lane = lanes_[std::to_string(generation_) + " " + destination.key()];
  if (!lane) {
    const std::uint32_t all = std::max(terms->settings->delivery.connections, 1U);
    const bool one_of_many = destination.hosts != terms->settings->delivery.relay;
    lane = std::make_shared<Lane>(*this, strand_, destination, terms, resolver_, around_.timeouts,
                                  one_of_many ? all / share_of_one : all);
  }
  return lane;
}

/// Asks the store only when something may have become due at another time than the timer knows.
void Dispatcher::Work::set_timer() {
  if (timer_is_right_) return;
  timer_is_right_ = true;
  due_timer_.cancel();
  const auto due = store_.next_due();
  if (!due) return;
  const Time now = last_reading_.calendar;
  milliseconds sleep = std::max(*due - now, shortest_sleep);
  if (*due > latest_due(now, terms_->settings->delivery)) {
    mend_due_times(now);
    sleep = between_mendings;
  }
  due_timer_.expires_after(sleep);
  due_timer_.async_wait([weak = weak_from_this()](boost::system::error_code error) {
    const auto self = weak.lock();
    if (error || !self) return;
    self->timer_is_right_ = false;
    self->wake();
  });
}

void Dispatcher::Work::look_at_clock() {
  const Reading reading = around_.clock();
  const bool jumped = set_back(last_reading_, reading);
  last_reading_ = reading;
  if (jumped) mend_due_times(reading.calendar);
}

/// The clock ran ahead when these due times were written: by the right time they would wait for years.
void Dispatcher::Work::mend_due_times(Time now) {
  const auto steady = std::chrono::steady_clock::now();
  if (steady - mended_ < between_mendings) return;
  mended_ = steady;
  const auto copies = store_.retry_now(std::nullopt, now);
  log::Event("clock", log::Level::warning)
      .field("what", "set back; the queue is due now")
      .field("copies", copies)
      .send();
  timer_is_right_ = false;
  wake_soon();
}

bool Dispatcher::Work::take_slot(const Lane& lane) {
  if (lines_ < std::max(terms_->settings->delivery.connections, 1U)) {
    ++lines_;
    ++count_.opened;
    count_.connections = lines_;
    return true;
  }
  if (lane.has_lines()) return false;
  slots_short_ = true;
  std::ranges::any_of(lanes_, [&](auto& other) { return other.second.get() != &lane && other.second->retire_idle(); });
  return false;
}

void Dispatcher::Work::slot_free() {
  count_.connections = --lines_;
  if (!std::exchange(sharing_, true)) call(&Work::share_slots);
}

bool Dispatcher::Work::others_wait() {
  return slots_short_ && std::ranges::any_of(lanes_, [](const auto& entry) {
           return entry.second->waits() && !entry.second->has_lines();
         });
}

/// Those without any line first.
void Dispatcher::Work::share_slots() {
  sharing_ = slots_short_ = false;
  std::erase_if(lanes_, [](const auto& entry) { return entry.second->empty(); });
  const auto lanes = lanes_;
  for (const auto& [key, lane] : lanes) {
    if (!lane->has_lines()) lane->try_open();
  }
  for (const auto& [key, lane] : lanes) lane->try_open();
  finish_if_empty();
}

Result<seal::Sealed> Dispatcher::Work::read(store::CopyId copy) { return store_.read(copy); }

void Dispatcher::Work::heard(const std::shared_ptr<Job>& job, std::vector<Outcome> outcomes) {
  std::ranges::move(outcomes, std::back_inserter(job->outcomes));
  if (--job->legs == 0) conclude(job);
}

void Dispatcher::Work::lost(const std::shared_ptr<Job>& job) {
  log::Event("lost", log::Level::error).id(job->copy.reference).field("why", "damaged in the store").send();
  if (--job->legs == 0 && !job->outcomes.empty()) return conclude(job);
  if (job->legs == 0) --count_.in_hand;
}

void Dispatcher::Work::conclude(const std::shared_ptr<Job>& job) {
  if (job->outcomes.empty()) {  // nothing was begun
    store_.give_back(job->copy.id);
    --count_.in_hand;
    return finish_if_empty();
  }
  const auto original = [&] {
    const auto message = store_.read(job->copy.id);
    return message ? original_fields(message->bytes()) : std::string();
  };
  Conclusion conclusion = send::conclude(job->copy, std::move(job->outcomes), *job->terms->settings,
                                         around_.clock().calendar, around_.dice(), original);
  log_outcomes(job->copy, conclusion);
  count(job->copy, conclusion);
  record(std::make_shared<const store::Attempt>(std::move(conclusion.attempt)));
}

void Dispatcher::Work::count(const store::QueuedCopy& copy, const Conclusion& conclusion) {
  if (around_.meters != nullptr) meter(*around_.meters, copy, conclusion);
  for (const auto& outcome : conclusion.outcomes) {
    if (outcome.kind == Outcome::Kind::delivered) ++count_.sent;
    if (outcome.kind == Outcome::Kind::retry) ++count_.deferred;
    if (outcome.kind == Outcome::Kind::failed) ++count_.bounced;
  }
}

void Dispatcher::Work::record(std::shared_ptr<const store::Attempt> attempt) {
  store_.record(again(*attempt), [weak = weak_from_this(), attempt](std::exception_ptr error) {
    if (const auto self = weak.lock()) self->recorded({attempt, std::move(error)});
  });
}

void Dispatcher::Work::recorded(Recorded what) {
  bool first = false;
  {
    const std::lock_guard lock(recorded_mutex_);
    first = recorded_.empty();
    recorded_.push_back(std::move(what));
  }
  if (first) call(&Work::take_in_recorded);
}

void Dispatcher::Work::take_in_recorded() {
  std::vector<Recorded> all;
  {
    const std::lock_guard lock(recorded_mutex_);
    all.swap(recorded_);
  }
  for (auto& [attempt, error] : all) {
    if (error) {
      log::Event("alarm", log::Level::error)
          .field("what", "the store refused an outcome")
          .field("why", what(error))
          .send();
      if (around_.meters != nullptr) around_.meters->store_error("record");
      refused_.push_back(std::move(attempt));
      continue;
    }
    --count_.in_hand;
    for (const auto& outcome : attempt->outcomes) {
      if (outcome.kind == Outcome::Kind::retry) timer_is_right_ = false;
      if (outcome.kind == Outcome::Kind::delivered && attempt->learn && around_.reached)
        around_.reached(outcome.recipient);
    }
  }
  if (!refused_.empty()) record_again();
  if (stopping_) return finish_if_empty();
  const std::uint32_t most = std::max(terms_->settings->delivery.connections, 1U) * in_hand_per_line;
  if (more_due_ && count_.in_hand <= most / 2) return wake();
  if (!more_due_) set_timer();
}

/// The mail is gone and only our note of it is missing: it must not be sent again, so the note is kept until the store
/// takes it.
void Dispatcher::Work::record_again() {
  again_timer_.expires_after(around_.store_retry);
  again_timer_.async_wait([weak = weak_from_this()](boost::system::error_code error) {
    const auto self = weak.lock();
    if (error || !self) return;
    for (auto& attempt : std::exchange(self->refused_, {})) self->record(std::move(attempt));
  });
}

void Dispatcher::Work::stop(std::function<void()> done) {
  asio::post(strand_, [self = shared_from_this(), done = std::move(done)]() mutable {
    self->stopped_ = std::move(done);
    self->begin_to_stop();
  });
}

void Dispatcher::Work::begin_to_stop() {
  stopping_ = true;
  due_timer_.cancel();
  const auto lanes = lanes_;
  for (const auto& [key, lane] : lanes) {
    for (const Errand& errand : lane->withdraw()) heard(errand.job, {});
    lane->retire();
  }
  grace_timer_.expires_after(around_.grace);
  grace_timer_.async_wait([weak = weak_from_this()](boost::system::error_code error) {
    const auto self = weak.lock();
    if (error || !self) return;
    self->grace_over_ = true;
    for (const auto& [key, lane] : self->lanes_) lane->break_off();
    self->finish_if_empty();
  });
  finish_if_empty();
}

/// Lines that are still being opened, or saying goodbye, carry nothing: past the grace they are not waited for.
void Dispatcher::Work::finish_if_empty() {
  if (!stopping_ || !stopped_ || count_.in_hand > 0 || (lines_ > 0 && !grace_over_)) return;
  grace_timer_.cancel();
  again_timer_.cancel();
  std::exchange(stopped_, {})();
}

Dispatcher::Figures Dispatcher::Work::figures() const {
  return {.sent = count_.sent,
          .deferred = count_.deferred,
          .bounced = count_.bounced,
          .opened = count_.opened,
          .connections = count_.connections,
          .in_hand = count_.in_hand};
}

}  // namespace zegel::send
