#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "core/terms.h"
#include "metrics/standing.h"

/// What the gateway counts for Prometheus. Labels are words of the code, methods and places in the config, never an
/// address: the figures name nobody. docs/monitoring.md lists them.
namespace zegel::metrics {

using Seconds = std::chrono::duration<double>;

/// What a message came to at the door, after its final dot.
enum class Answer { queued, held, refused, deferred };

/// What one attempt came to for one recipient.
enum class Delivery { sent, deferred, bounced };

/// What became of a held message.
enum class HeldEnd { released, refused, expired };

/// Counts since start. Thread-safe; a count is an atomic addition, a duration takes a lock for some 50 ns. One series
/// stands for each label from the start, at 0, so that an alert sees the first event.
class Meters {
 public:
  Meters();
  ~Meters();
  Meters(const Meters&) = delete;
  Meters& operator=(const Meters&) = delete;

  /// A message's reply, `after` its final dot.
  void answered(Answer, Seconds after);
  /// A refusal in the session, of a sender, a recipient or a message. `reason` as in the log's `event=refused`; one
  /// that is not in refusal_reasons() counts as `other`.
  void refused(std::string_view reason);
  /// Deciding and sealing one message, for all its recipients.
  void took_to_seal(Seconds);
  /// A recipient's copy is durable.
  void sealed(Method);
  void held_ended(HeldEnd);

  /// One attempt for one recipient of a message.
  void delivery(Delivery, Method);
  /// The same for a bounce or a notice of ours.
  void notice(Delivery);
  /// From its arrival to the next hop's 250, for each recipient of a message.
  void took_to_deliver(Seconds);
  /// A recipient got a copy in clear; `rule` is the place that let it, `zegel.toml:41` or `default`. Beyond
  /// most_rules different ones (a config edited hundreds of times) it counts as `other`.
  void sent_in_clear(std::string_view rule);
  /// A place in the config that may: its series stands at 0, so that an alert sees the first one.
  void may_send_in_clear(std::string_view rule);
  static constexpr std::size_t most_rules = 1'000;

  /// The store did not take a submission, or an outcome.
  void store_error(std::string_view operation);
  void reloaded(bool taken_over, std::chrono::system_clock::time_point at);

  /// All of it, and what stands now, in Prometheus's text format (version 0.0.4).
  [[nodiscard]] std::string text(const Standing&) const;

 private:
  struct Families;
  std::unique_ptr<Families> families_;
};

}  // namespace zegel::metrics
