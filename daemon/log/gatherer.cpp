#include "log/gatherer.h"

#include <chrono>
#include <iterator>
#include <utility>

namespace zegel::log {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t most_waiting = 16'384;
constexpr auto gathering = 10ms;

}  // namespace

Gatherer::Gatherer(Write write) : write_(std::move(write)), thread_([this] { run(); }) {}

Gatherer::~Gatherer() {
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

void Gatherer::add(Line line, bool at_once) {
  bool wake = false;
  {
    const std::lock_guard lock(mutex_);
    wake = waiting_.empty() || (at_once && !urgent_);
    urgent_ = urgent_ || at_once;
    if (waiting_.size() >= most_waiting) {
      waiting_.pop_front();
      ++dropped_;
    }
    waiting_.push_back(std::move(line));
  }
  if (wake) wake_.notify_one();
}

void Gatherer::run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    wake_.wait(lock, [this] { return closing_ || !waiting_.empty(); });
    wake_.wait_for(lock, gathering, [this] { return closing_ || urgent_; });
    if (waiting_.empty()) return;
    const std::vector<Line> lines(std::make_move_iterator(waiting_.begin()), std::make_move_iterator(waiting_.end()));
    waiting_.clear();
    urgent_ = false;
    const std::uint64_t dropped = std::exchange(dropped_, 0);
    lock.unlock();
    write_(lines, dropped);
    lock.lock();
  }
}

}  // namespace zegel::log
