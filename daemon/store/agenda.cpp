#include "store/agenda.h"

#include <algorithm>
#include <functional>

namespace zegel::store {

namespace {
constexpr std::size_t most_fresh_octets = std::size_t{32} << 20;
constexpr std::size_t row_octets = 1024;  // an estimate: what a copy takes beside its octets
}  // namespace

void Agenda::load(std::vector<Appointment> sorted) {
  const std::lock_guard lock(mutex_);
  heap_ = std::move(sorted);  // what is sorted is a heap
}

void Agenda::push(Appointment appointment) {
  heap_.push_back(appointment);
  std::ranges::push_heap(heap_, std::greater());
}

void Agenda::add(Appointment appointment) {
  const std::lock_guard lock(mutex_);
  push(appointment);
}

void Agenda::add(Fresh fresh) {
  const std::lock_guard lock(mutex_);
  push({fresh.copy.due, fresh.copy.id});
  const std::size_t octets = fresh.message.size() + row_octets;
  // When full the newest stay out: the oldest go first.
  if (fresh_octets_ + octets > most_fresh_octets) return;
  fresh_octets_ += octets;
  fresh_.emplace(fresh.copy.id, std::move(fresh));
}

std::vector<Appointment> Agenda::take(Time now, std::size_t limit) {
  std::vector<Appointment> due;
  const std::lock_guard lock(mutex_);
  while (due.size() < limit && !heap_.empty() && heap_.front().due <= now) {
    const Appointment next = heap_.front();
    std::ranges::pop_heap(heap_, std::greater());
    heap_.pop_back();
    const auto [taken, free] = taken_.emplace(next.copy, Taken{next.due});
    if (free) {
      due.push_back(next);
    } else {
      taken->second.again = next.due;
    }
  }
  return due;
}

void Agenda::settle(CopyId copy) {
  const std::lock_guard lock(mutex_);
  drop_content(copy);
  const auto found = taken_.find(copy);
  if (found == taken_.end()) return;
  if (found->second.again) push({*found->second.again, copy});
  taken_.erase(found);
}

void Agenda::give_back(CopyId copy) {
  const std::lock_guard lock(mutex_);
  const auto found = taken_.find(copy);
  if (found == taken_.end()) return;
  push({found->second.due, copy});
  taken_.erase(found);
}

void Agenda::forget_content(CopyId copy) {
  const std::lock_guard lock(mutex_);
  drop_content(copy);
}

void Agenda::drop_content(CopyId copy) {
  const auto found = fresh_.find(copy);
  if (found == fresh_.end()) return;
  fresh_octets_ -= found->second.message.size() + row_octets;
  fresh_.erase(found);
}

std::optional<Agenda::Fresh> Agenda::fresh(CopyId copy) const {
  const std::lock_guard lock(mutex_);
  const auto found = fresh_.find(copy);
  return found == fresh_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<Time> Agenda::next_due() const {
  const std::lock_guard lock(mutex_);
  return heap_.empty() ? std::nullopt : std::optional(heap_.front().due);
}

}  // namespace zegel::store
