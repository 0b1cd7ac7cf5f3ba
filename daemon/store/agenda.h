#pragma once

#include <mutex>
#include <optional>
#include <unordered_map>
#include <vector>

#include "store/store.h"

namespace zegel::store {

/// When a copy is due.
struct Appointment {
  Time due;
  CopyId copy = 0;
  friend auto operator<=>(const Appointment&, const Appointment&) = default;
};

/// Memory's side of the queue: what is due when, which copies are taken, and the octets of those just submitted, so
/// that delivery at once needs no reading back. Thread-safe.
///
/// Appointments may be stale (the copy is gone, on hold, or was put off): whoever takes one looks at the row. What
/// holds is that every copy that is ready and not taken has an appointment at its time or earlier. 16 bytes per copy.
class Agenda {
 public:
  struct Fresh {
    QueuedCopy copy;
    std::int64_t history = 0;  ///< the message's row there
    seal::Sealed message;
  };

  /// Takes over what the database knows, in order.
  void load(std::vector<Appointment> sorted);
  void add(Appointment);
  /// A copy just committed. Its octets are kept while there is room.
  void add(Fresh);

  /// Up to `limit` appointments that are due, oldest first; they are taken from now on.
  std::vector<Appointment> take(Time now, std::size_t limit);
  /// No longer taken, and not what it was when fresh.
  void settle(CopyId);
  /// No longer taken, due as it was.
  void give_back(CopyId);
  /// The row was changed or removed by hand: memory of its content goes.
  void forget_content(CopyId);

  [[nodiscard]] std::optional<Fresh> fresh(CopyId) const;
  [[nodiscard]] std::optional<Time> next_due() const;

 private:
  struct Taken {
    Time due;
    std::optional<Time> again = {};  ///< it was to be due again while it was taken
  };
  void push(Appointment);
  void drop_content(CopyId);

  mutable std::mutex mutex_;
  std::vector<Appointment> heap_;  // the earliest in front
  std::unordered_map<CopyId, Taken> taken_;
  std::unordered_map<CopyId, Fresh> fresh_;
  std::size_t fresh_octets_ = 0;
};

}  // namespace zegel::store
