#include "admin/metrics.h"

#include <gtest/gtest.h>

namespace zegel::admin {
namespace {

TEST(Metrics, AreInPrometheusTextFormat) {
  store::Store::Figures figures;
  figures.queued = 3;
  figures.oldest = Time(milliseconds(5'000));
  const std::string text = metrics_text(figures, Time(milliseconds(65'000)));
  EXPECT_NE(text.find("# TYPE zegel_queue_copies gauge\nzegel_queue_copies 3\n"), std::string::npos);
  EXPECT_NE(text.find("zegel_queue_oldest_seconds 60\n"), std::string::npos);
  EXPECT_TRUE(text.ends_with("\n"));
}

TEST(Metrics, AClockSetBackDoesNotMakeAnAgeOfAges) {
  store::Store::Figures figures;
  figures.oldest = Time(milliseconds(65'000));
  EXPECT_NE(metrics_text(figures, Time(milliseconds(5'000))).find("zegel_queue_oldest_seconds 0\n"), std::string::npos);
}

}  // namespace
}  // namespace zegel::admin
