#include "metrics/standing.h"

#include <utility>

#include <prometheus/metric_family.h>

namespace zegel::metrics {

namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;
using Labels = std::vector<ClientMetric::Label>;

/// One figure with its labels.
struct Sample {
  double value;
  Labels labels = {};
};

double number(std::uint64_t value) { return static_cast<double>(value); }
double timestamp(Time at) { return std::chrono::duration<double>(at.time_since_epoch()).count(); }

MetricFamily family(MetricType type, std::string name, std::string help, std::vector<Sample> samples) {
  MetricFamily made{std::move(name), std::move(help), type, {}};
  for (Sample& sample : samples) {
    ClientMetric& metric = made.metric.emplace_back();
    metric.label = std::move(sample.labels);
    (type == MetricType::Counter ? metric.counter.value : metric.gauge.value) = sample.value;
  }
  return made;
}

MetricFamily gauge(std::string name, std::string help, std::vector<Sample> samples) {
  return family(MetricType::Gauge, std::move(name), std::move(help), std::move(samples));
}

MetricFamily counter(std::string name, std::string help, std::vector<Sample> samples) {
  return family(MetricType::Counter, std::move(name), std::move(help), std::move(samples));
}

Labels labels_of(const KeyFigures& figures) {
  return {{"method", std::string(to_text(figures.method))}, {"use", figures.senders ? "sender" : "recipient"}};
}

std::vector<Sample> key_counts(const std::vector<KeyFigures>& keys) {
  std::vector<Sample> samples;
  for (const KeyFigures& figures : keys) {
    for (const auto& [state, count] : {std::pair("usable", figures.usable), std::pair("expiring", figures.expiring),
                                       std::pair("unusable", figures.unusable)}) {
      Labels labels = labels_of(figures);
      labels.push_back({"state", state});
      samples.push_back({number(count), std::move(labels)});
    }
  }
  return samples;
}

std::vector<Sample> key_expiries(const std::vector<KeyFigures>& keys) {
  std::vector<Sample> samples;
  for (const KeyFigures& figures : keys) {
    if (figures.next_expiry) samples.push_back({timestamp(*figures.next_expiry), labels_of(figures)});
  }
  return samples;
}

void add_connections(std::vector<MetricFamily>& all, const Standing& now) {
  all.push_back(gauge("zegel_connections", "Clients connected now.", {{number(now.clients)}}));
  all.push_back(counter("zegel_connections_total", "Clients that connected.",
                        {{number(now.clients_let_in), {{"outcome", "accepted"}}},
                         {number(now.clients_turned_away), {{"outcome", "turned_away"}}}}));
  all.push_back(
      counter("zegel_denied_total", "Log-ins that failed, and attempts to relay without being allowed to.",
              {{number(now.denied_auth), {{"reason", "auth"}}}, {number(now.denied_relay), {{"reason", "relay"}}}}));
  all.push_back(gauge("zegel_next_hop_connections", "Lines open to next hops now.", {{number(now.next_hops)}}));
  all.push_back(counter("zegel_next_hop_connections_total", "Lines to next hops that were begun.",
                        {{number(now.next_hops_opened)}}));
}

void add_keys(std::vector<MetricFamily>& all, const Standing& now) {
  all.push_back(gauge("zegel_keys", "Certificates and PGP keys. Expiring: within 30 days.", key_counts(now.keys)));
  if (auto soonest = key_expiries(now.keys); !soonest.empty()) {
    all.push_back(gauge("zegel_key_next_expiry_timestamp_seconds",
                        "When the first of the keys in use expires, in Unix time.", std::move(soonest)));
  }
  if (now.tls_certificate_ends) {
    all.push_back(gauge("zegel_tls_certificate_expiry_timestamp_seconds",
                        "When server.tls_certificate expires, in Unix time.",
                        {{timestamp(*now.tls_certificate_ends)}}));
  }
}

}  // namespace

std::vector<MetricFamily> families(const Standing& now) {
  std::vector<MetricFamily> all;
  all.push_back(gauge("zegel_build_info", "The version that runs.", {{1, {{"version", now.version}}}}));
  all.push_back(
      gauge("zegel_start_time_seconds", "When the daemon started, in Unix time.", {{timestamp(now.started)}}));
  all.push_back(gauge("zegel_queue_copies", "Sealed copies and notices on their way out.", {{number(now.queued)}}));
  all.push_back(gauge("zegel_queue_oldest_seconds", "Age of the oldest copy in the queue.",
                      {{static_cast<double>(now.oldest.count())}}));
  all.push_back(gauge("zegel_held_messages", "Messages that wait for a person.", {{number(now.held)}}));
  all.push_back(gauge("zegel_set_aside_rows", "Damaged rows that were set aside.", {{number(now.set_aside)}}));
  all.push_back(counter("zegel_alarms_total", "Lines of event=alarm in the log.", {{number(now.alarms)}}));
  all.push_back(counter("zegel_log_lines_lost_total", "Log lines dropped because syslog was too slow.",
                        {{number(now.lines_lost)}}));
  add_connections(all, now);
  add_keys(all, now);
  return all;
}

}  // namespace zegel::metrics
