#include "log/log.h"

#include <gtest/gtest.h>

#include "log/logfmt.h"

namespace zegel::log {
namespace {

TEST(LogValue, IsBareWhereItCanBe) {
  EXPECT_EQ(logfmt_value("jan@klant.nl"), "jan@klant.nl");
  EXPECT_EQ(logfmt_value("TLSv1.3/verified"), "TLSv1.3/verified");
}

TEST(LogValue, IsQuotedWhereItMustBe) {
  EXPECT_EQ(logfmt_value("550 5.1.2"), "\"550 5.1.2\"");
  EXPECT_EQ(logfmt_value(""), "\"\"");
  EXPECT_EQ(logfmt_value("a\"b\\c=d"), "\"a\\\"b\\\\c=d\"");
}

TEST(LogValue, NeverBreaksTheLineNorTheTerminal) {
  EXPECT_EQ(logfmt_value("a\r\nevent=sent"), "\"a\\x0d\\x0aevent=sent\"");
  EXPECT_EQ(logfmt_value("\x1b[31m"), "\"\\x1b[31m\"");
  EXPECT_EQ(logfmt_value("\xFFz"), "\"\\xffz\"");
  EXPECT_EQ(logfmt_value("a\xE2\x80\xAEz"), "\"a\\xe2\\x80\\xaez\"");
  EXPECT_EQ(logfmt_value("é"), "\"é\"");
}

TEST(LogValue, IsBounded) { EXPECT_LT(logfmt_value(std::string(100'000, 'x')).size(), 1'100u); }

TEST(LogAddress, KeepsPersonsOutWhereAsked) {
  EXPECT_EQ(shorten_address("jan@klant.nl", config::LogAddresses::full, "k"), "jan@klant.nl");
  EXPECT_EQ(shorten_address("jan@klant.nl", config::LogAddresses::domain, "k"), "@klant.nl");
  const std::string hashed = shorten_address("Jan@Klant.nl", config::LogAddresses::hash, "k");
  EXPECT_EQ(hashed.size(), 12u);
  EXPECT_EQ(hashed, shorten_address("jan@klant.nl", config::LogAddresses::hash, "k"));
  EXPECT_NE(hashed, shorten_address("jan@klant.nl", config::LogAddresses::hash, "other"));
}

TEST(LogEvent, IsOneLogfmtLine) {
  std::string line;
  capture([&](const std::string& l) { line = l; });
  Event("received")
      .id("7K3QX9M2TB")
      .address("from", "piet@kantoor.nl")
      .field("recipients", 2)
      .field("reply", "250 ok")
      .send();
  capture(nullptr);
  EXPECT_EQ(line, "event=received id=7K3QX9M2TB from=piet@kantoor.nl recipients=2 reply=\"250 ok\"");
}

TEST(LogFigures, CountAlarmsAndNothingElse) {
  capture([](const std::string&) {});
  const Figures before = figures();
  Event("sent").send();
  Event("alarm", Level::error).field("what", "a test").send();
  capture(nullptr);
  EXPECT_EQ(figures().alarms, before.alarms + 1);
}

}  // namespace
}  // namespace zegel::log
