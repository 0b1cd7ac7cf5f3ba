#include "send/lane.h"

#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "send/letter.h"
#include "send/seven_bit.h"

namespace zegel::send {

namespace asio = boost::asio;

namespace {

/// A next hop that would not have one line more is not asked again for so long.
constexpr std::chrono::seconds shrunk_for{60};

/// After so many copies a line makes place for a fresh one, which may go to another host of the destination.
constexpr std::uint32_t most_served = 5'000;

std::vector<Outcome> outcomes_of(const Errand& errand, const NoLine& failure) {
  std::vector<Outcome> outcomes;
  outcomes.reserve(errand.recipients.size());
  for (const auto& recipient : errand.recipients) {
    outcomes.push_back({.recipient = recipient,
                        .kind = failure.permanent ? Outcome::Kind::failed : Outcome::Kind::retry,
                        .status = failure.status,
                        .reply = failure.why,
                        .relay = failure.relay,
                        .tls = failure.tls});
  }
  return outcomes;
}

}  // namespace

/// A line that waits for an errand. Cancelling the timer wakes it.
struct Lane::Idle {
  explicit Idle(const asio::any_io_executor& executor, std::chrono::milliseconds patience)
      : timer(executor, patience) {}
  asio::steady_timer timer;
  bool woken = false;
  bool to_go = false;
};

Lane::Lane(Yard& yard, asio::any_io_executor executor, Destination destination, std::shared_ptr<const Terms> terms,
           std::shared_ptr<Resolver> resolver, Timeouts timeouts, std::uint32_t most_lines)
    : yard_(yard),
      executor_(std::move(executor)),
      destination_(std::move(destination)),
      terms_(std::move(terms)),
      resolver_(std::move(resolver)),
      timeouts_(timeouts),
      most_lines_(std::max(most_lines, 1U)) {}

void Lane::add(Errand errand) {
  waiting_.push_back(std::move(errand));
  if (!wake(false)) try_open();
}

/// The line that was busy last is woken first; the others may cool down and go.
bool Lane::wake(bool to_go) {
  if (idle_.empty()) return false;
  const auto idle = std::move(idle_.back());
  idle_.pop_back();
  idle->woken = true;
  idle->to_go = to_go;
  idle->timer.cancel();
  if (!to_go) ++woken_;
  return true;
}

bool Lane::retire_idle() { return wake(true); }

void Lane::retire() {
  retiring_ = true;
  while (retire_idle()) {}
}

std::deque<Errand> Lane::withdraw() { return std::exchange(waiting_, {}); }

void Lane::break_off() {
  broken_off_ = true;
  for (Line* line : busy_) line->break_off();
}

void Lane::try_open() {
  if (waiting_.size() <= woken_ || opening_ || lines_ >= room_for_lines() || !yard_.take_slot(*this)) return;
  opening_ = true;
  ++lines_;
  asio::co_spawn(
      executor_, [self = shared_from_this(), yard = yard_.keep()]() -> net::Task<void> { co_await self->work(); },
      asio::detached);
}

std::uint32_t Lane::room_for_lines() const {
  const bool shrunk = std::chrono::steady_clock::now() < shrunk_until_;
  return shrunk ? shrunk_to_ : most_lines_;
}

/// The life of one line.
net::Task<void> Lane::work() {
  try {
    auto line = co_await open_line(destination_, terms_, *resolver_, yard_.absences(), timeouts_);
    opening_ = false;
    if (line) {
      co_await serve(**line);
    } else {
      no_line(line.error());
    }
  } catch (const std::exception& accident) {
    opening_ = false;
    no_line({.why = accident.what(), .status = "4.3.0"});
  }
  --lines_;
  yard_.slot_free();
  try_open();
}

/// With other lines alive the errands stay for them: the next hop merely wants no more lines.
void Lane::no_line(const NoLine& failure) {
  if (lines_ > 1 && !failure.permanent) {
    shrunk_to_ = lines_ - 1;
    shrunk_until_ = std::chrono::steady_clock::now() + shrunk_for;
    return;
  }
  for (const Errand& errand : withdraw()) yard_.heard(errand.job, outcomes_of(errand, failure));
}

net::Task<void> Lane::serve(Line& line) {
  while (line.usable() && !broken_off_) {
    if (!co_await wait_for_errand()) break;
    Errand errand = std::move(waiting_.front());
    waiting_.pop_front();
    try_open();
    co_await run(line, std::move(errand));
    if (line.served() >= most_served || yard_.others_wait()) break;
  }
  co_await line.quit();
}

/// False: nothing came, and the line may go.
net::Task<bool> Lane::wait_for_errand() {
  while (waiting_.empty()) {
    if (retiring_ || yard_.others_wait()) co_return false;
    const auto idle = std::make_shared<Idle>(executor_, timeouts_.idle);
    idle_.push_back(idle);
    co_await idle->timer.async_wait(asio::as_tuple(asio::use_awaitable));
    if (!idle->woken) std::erase(idle_, idle);
    if (!idle->woken || idle->to_go) co_return false;
    --woken_;  // another line may have taken the errand: then wait on
  }
  co_return true;
}

net::Task<void> Lane::run(Line& line, Errand errand) {
  const auto message = yard_.read(errand.job->copy.id);
  if (!message) {
    yard_.lost(errand.job);
    co_return;
  }
  Letter letter = letter_for(errand.job->copy, errand.recipients, message->bytes());
  std::optional<std::string> converted;
  if (letter.eight_bit && !line.offered().eight_bit) converted = to_seven_bit(message->bytes());
  if (converted) { letter = letter_for(errand.job->copy, errand.recipients, *converted); }
  const auto at = busy_.insert(busy_.end(), &line);
  Delivered delivered = co_await line.deliver(std::move(letter), converted ? *converted : message->bytes());
  busy_.erase(at);
  if (delivered.untouched && !errand.came_back) {
    errand.came_back = true;
    waiting_.push_front(std::move(errand));
    co_return;
  }
  yard_.heard(errand.job, std::move(delivered.outcomes));
}

}  // namespace zegel::send
