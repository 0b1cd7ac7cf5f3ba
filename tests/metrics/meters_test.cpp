#include "metrics/meters.h"

#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace zegel::metrics {
namespace {

using namespace std::chrono_literals;
using testing::AssertionFailure;
using testing::AssertionSuccess;

/// Whether one line of the text is `line`.
testing::AssertionResult says(const std::string& text, const std::string& line) {
  if (("\n" + text).find("\n" + line + "\n") != std::string::npos) return AssertionSuccess();
  return AssertionFailure() << "no line `" << line << "` in\n" << text;
}

TEST(Meters, EveryLabelOfTheCodeStandsAtZeroFromTheStart) {
  const std::string text = Meters().text({});
  EXPECT_TRUE(says(text, "# TYPE zegel_messages_total counter"));
  EXPECT_TRUE(says(text, "zegel_messages_total{outcome=\"held\"} 0"));
  EXPECT_TRUE(says(text, "zegel_refused_total{reason=\"typo\"} 0"));
  EXPECT_TRUE(says(text, "zegel_deliveries_total{outcome=\"bounced\",method=\"notice\"} 0") ||
              says(text, "zegel_deliveries_total{method=\"notice\",outcome=\"bounced\"} 0"));
  EXPECT_TRUE(says(text, "zegel_store_errors_total{operation=\"submit\"} 0"));
}

TEST(Meters, CountsByLabel) {
  Meters meters;
  meters.answered(Answer::refused, 20ms);
  meters.refused("typo");
  meters.refused("typo");
  meters.sealed(Method::pgp);
  meters.held_ended(HeldEnd::expired);
  meters.store_error("record");
  const std::string text = meters.text({});
  EXPECT_TRUE(says(text, "zegel_messages_total{outcome=\"refused\"} 1"));
  EXPECT_TRUE(says(text, "zegel_messages_total{outcome=\"queued\"} 0"));
  EXPECT_TRUE(says(text, "zegel_refused_total{reason=\"typo\"} 2"));
  EXPECT_TRUE(says(text, "zegel_sealed_total{method=\"pgp\"} 1"));
  EXPECT_TRUE(says(text, "zegel_held_ended_total{outcome=\"expired\"} 1"));
  EXPECT_TRUE(says(text, "zegel_store_errors_total{operation=\"record\"} 1"));
}

TEST(Meters, DurationsFallIntoTheirBuckets) {
  Meters meters;
  meters.took_to_seal(3ms);
  meters.took_to_deliver(2s);
  const std::string text = meters.text({});
  EXPECT_TRUE(says(text, "zegel_seal_seconds_bucket{le=\"0.0025\"} 0"));
  EXPECT_TRUE(says(text, "zegel_seal_seconds_bucket{le=\"0.005\"} 1"));
  EXPECT_TRUE(says(text, "zegel_delivery_seconds_bucket{le=\"1\"} 0"));
  EXPECT_TRUE(says(text, "zegel_delivery_seconds_bucket{le=\"+Inf\"} 1"));
  EXPECT_TRUE(says(text, "zegel_delivery_seconds_sum 2"));
}

TEST(Meters, AReasonThatNobodyKnowsIsOther) {
  Meters meters;
  meters.refused("jan@klant.nl");
  const std::string text = meters.text({});
  EXPECT_TRUE(says(text, "zegel_refused_total{reason=\"other\"} 1"));
  EXPECT_EQ(text.find("jan"), std::string::npos);
}

TEST(Meters, ClearIsCountedByRuleAndTheRulesAreBounded) {
  Meters meters;
  meters.may_send_in_clear("zegel.toml:41");
  EXPECT_TRUE(says(meters.text({}), "zegel_clear_sent_total{rule=\"zegel.toml:41\"} 0"));
  meters.sent_in_clear("zegel.toml:41");
  meters.sent_in_clear("zegel.toml:41");
  for (std::size_t rule = 0; rule < Meters::most_rules + 4; ++rule) meters.sent_in_clear("r:" + std::to_string(rule));
  meters.sent_in_clear("zegel.toml:41");
  const std::string text = meters.text({});
  EXPECT_TRUE(says(text, "zegel_clear_sent_total{rule=\"zegel.toml:41\"} 3"));
  EXPECT_TRUE(says(text, "zegel_clear_sent_total{rule=\"other\"} 5"));
}

TEST(Meters, ThreadsLoseNoCount) {
  Meters meters;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < 1'000; ++n) {
        meters.answered(Answer::queued, 1ms);
        meters.sent_in_clear("default");
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  const std::string text = meters.text({});
  EXPECT_TRUE(says(text, "zegel_messages_total{outcome=\"queued\"} 4000"));
  EXPECT_TRUE(says(text, "zegel_answer_seconds_count 4000"));
  EXPECT_TRUE(says(text, "zegel_clear_sent_total{rule=\"default\"} 4000"));
}

TEST(Meters, AReloadThatWasRefusedKeepsTheTimeOfTheLastGoodOne) {
  Meters meters;
  meters.reloaded(true, Time(5s));
  meters.reloaded(false, Time(9s));
  const std::string text = meters.text({});
  EXPECT_TRUE(says(text, "zegel_config_last_reload_successful 0"));
  EXPECT_TRUE(says(text, "zegel_config_last_reload_success_timestamp_seconds 5"));
}

TEST(Standing, TellsWhatStandsNow) {
  Standing standing{.version = "1.2.3", .queued = 3, .oldest = 60s, .clients_turned_away = 7};
  standing.keys = {{.method = Method::smime, .usable = 2, .expiring = 1, .next_expiry = Time(1000s)},
                   {.method = Method::pgp, .senders = true}};
  standing.tls_certificate_ends = Time(2000s);
  const std::string text = Meters().text(standing);
  EXPECT_TRUE(says(text, "zegel_build_info{version=\"1.2.3\"} 1"));
  EXPECT_TRUE(says(text, "zegel_queue_copies 3"));
  EXPECT_TRUE(says(text, "zegel_queue_oldest_seconds 60"));
  EXPECT_TRUE(says(text, "zegel_connections_total{outcome=\"turned_away\"} 7"));
  EXPECT_TRUE(says(text, "zegel_keys{method=\"smime\",use=\"recipient\",state=\"expiring\"} 1"));
  EXPECT_TRUE(says(text, "zegel_keys{method=\"pgp\",use=\"sender\",state=\"usable\"} 0"));
  EXPECT_TRUE(says(text, "zegel_key_next_expiry_timestamp_seconds{method=\"smime\",use=\"recipient\"} 1000"));
  EXPECT_TRUE(says(text, "zegel_tls_certificate_expiry_timestamp_seconds 2000"));
}

TEST(Standing, WithoutKeysOrCertificateThereIsNoDateToAlarmAt) {
  const std::string text = Meters().text({});
  EXPECT_EQ(text.find("expiry"), std::string::npos);
}

}  // namespace
}  // namespace zegel::metrics
