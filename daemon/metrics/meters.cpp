#include "metrics/meters.h"

#include <array>
#include <atomic>
#include <iterator>
#include <sstream>

#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include "metrics/reasons.h"

namespace zegel::metrics {

namespace {

using prometheus::Counter;
using prometheus::Family;
using prometheus::Gauge;
using prometheus::Histogram;

constexpr std::array answers{"queued", "held", "refused", "deferred"};
constexpr std::array deliveries{"sent", "deferred", "bounced"};
constexpr std::array held_ends{"released", "refused", "expired"};
constexpr std::size_t method_count = words_of_method.size();

const Histogram::BucketBoundaries short_waits{0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1,
                                              0.25,  0.5,    1,     2.5,  5,     10,   30};
const Histogram::BucketBoundaries long_waits{0.1, 0.25, 0.5, 1,     2.5,    5,      10,     30,
                                             60,  300,  900, 3'600, 14'400, 86'400, 432'000};

template <class Kind>
std::size_t index(Kind kind) {
  return static_cast<std::size_t>(kind);
}

std::string method_text(std::size_t number) { return std::string(words_of_method[number].text); }

}  // namespace

struct Meters::Families {
  Family<Counter>& counters(const std::string& name, const std::string& help) {
    return prometheus::BuildCounter().Name(name).Help(help).Register(registry);
  }
  Histogram& histogram(const std::string& name, const std::string& help, const Histogram::BucketBoundaries& buckets) {
    return prometheus::BuildHistogram().Name(name).Help(help).Register(registry).Add({}, buckets);
  }
  Gauge& gauge(const std::string& name, const std::string& help) {
    return prometheus::BuildGauge().Name(name).Help(help).Register(registry).Add({});
  }
  /// A counter for each value of one label.
  template <std::size_t N>
  std::array<Counter*, N> each(const std::string& name, const std::string& help, const std::string& label,
                               const std::array<const char*, N>& values) {
    auto& family = counters(name, help);
    std::array<Counter*, N> all{};
    for (std::size_t i = 0; i < N; ++i) all[i] = &family.Add({{label, values[i]}});
    return all;
  }

  Counter& clear_by(std::string_view rule);

  prometheus::Registry registry;
  std::array<Counter*, answers.size()> answer =
      each("zegel_messages_total", "Messages by what was answered after the final dot.", "outcome", answers);
  Histogram& answer_seconds =
      histogram("zegel_answer_seconds", "From a message's final dot to its reply.", short_waits);
  std::array<Counter*, refusal_reasons.size()> reason =
      each("zegel_refused_total", "Senders, recipients and messages that were refused.", "reason", refusal_reasons);
  Histogram& seal_seconds = histogram("zegel_seal_seconds", "Deciding about and sealing one message.", short_waits);
  std::array<Counter*, method_count> sealed{};
  std::array<Counter*, held_ends.size()> held_end =
      each("zegel_held_ended_total", "What became of held messages.", "outcome", held_ends);
  std::array<std::array<Counter*, method_count + 1>, deliveries.size()> delivery{};  // the last: notices
  Histogram& delivery_seconds =
      histogram("zegel_delivery_seconds", "From a message's arrival to the next hop's 250, per recipient.", long_waits);
  Family<Counter>& clear =
      counters("zegel_clear_sent_total", "Recipients who got a copy in clear, by the place in the config that let it.");
  std::atomic<std::size_t> clear_rules = 0;
  std::array<Counter*, store_operations.size()> store_error =
      each("zegel_store_errors_total", "What the store did not take.", "operation", store_operations);
  Gauge& reload_successful = gauge("zegel_config_last_reload_successful", "Whether the last reload was taken over.");
  Gauge& reload_time =
      gauge("zegel_config_last_reload_success_timestamp_seconds", "When a config was last taken over, in Unix time.");
};

Meters::Meters() : families_(std::make_unique<Families>()) {
  auto& by_method = families_->counters("zegel_sealed_total", "Recipients whose copy is in the store, by method.");
  auto& by_outcome = families_->counters("zegel_deliveries_total", "Attempts to deliver, per recipient.");
  for (std::size_t method = 0; method < method_count; ++method)
    families_->sealed[method] = &by_method.Add({{"method", method_text(method)}});
  for (std::size_t outcome = 0; outcome < deliveries.size(); ++outcome) {
    for (std::size_t method = 0; method <= method_count; ++method) {
      const std::string text = method < method_count ? method_text(method) : "notice";
      families_->delivery[outcome][method] = &by_outcome.Add({{"outcome", deliveries[outcome]}, {"method", text}});
    }
  }
}

Meters::~Meters() = default;

void Meters::answered(Answer answer, Seconds after) {
  families_->answer[index(answer)]->Increment();
  families_->answer_seconds.Observe(after.count());
}

void Meters::refused(std::string_view reason) { families_->reason[reason_index(refusal_reasons, reason)]->Increment(); }

void Meters::took_to_seal(Seconds taken) { families_->seal_seconds.Observe(taken.count()); }

void Meters::sealed(Method method) { families_->sealed[index(method)]->Increment(); }

void Meters::held_ended(HeldEnd end) { families_->held_end[index(end)]->Increment(); }

void Meters::delivery(Delivery outcome, Method method) {
  families_->delivery[index(outcome)][index(method)]->Increment();
}

void Meters::notice(Delivery outcome) { families_->delivery[index(outcome)][method_count]->Increment(); }

void Meters::took_to_deliver(Seconds taken) { families_->delivery_seconds.Observe(taken.count()); }

prometheus::Counter& Meters::Families::clear_by(std::string_view rule) {
  const prometheus::Labels labels{{"rule", std::string(rule)}};
  const bool too_many = !clear.Has(labels) && clear_rules.fetch_add(1) >= most_rules;
  return clear.Add(too_many ? prometheus::Labels{{"rule", "other"}} : labels);
}

void Meters::sent_in_clear(std::string_view rule) { families_->clear_by(rule).Increment(); }

void Meters::may_send_in_clear(std::string_view rule) { families_->clear_by(rule); }

void Meters::store_error(std::string_view operation) {
  families_->store_error[reason_index(store_operations, operation)]->Increment();
}

void Meters::reloaded(bool taken_over, std::chrono::system_clock::time_point at) {
  families_->reload_successful.Set(taken_over ? 1 : 0);
  if (taken_over) families_->reload_time.Set(std::chrono::duration<double>(at.time_since_epoch()).count());
}

std::string Meters::text(const Standing& standing) const {
  auto all = families_->registry.Collect();
  std::ranges::move(families(standing), std::back_inserter(all));
  std::ostringstream out;
  prometheus::TextSerializer().Serialize(out, all);
  return std::move(out).str();
}

}  // namespace zegel::metrics
