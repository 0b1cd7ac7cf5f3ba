#include "check/history.h"

#include <sstream>

#include <gtest/gtest.h>

using namespace zegel;
using namespace zegel::check;

namespace {

const Time today = std::chrono::sys_days(std::chrono::year(2026) / 11 / 23);

/// `jan@klant.nl 2` for each, a line each.
std::string told(std::string_view text, HistoryOptions options = {.now = today}) {
  const auto history = parse_history(text, options);
  if (!history) return "error: " + history.error().why;
  std::ostringstream out;
  for (const auto& recipient : history->recipients) out << recipient.text << ' ' << recipient.mails << '\n';
  return out.str();
}

TEST(PostfixHistory, CountsWhatWasSentElsewhere) {
  const std::string log =
      "Nov 20 10:00:00 mx postfix/smtp[1]: 4XyZ: to=<Jan@Klant.nl>, relay=mx.klant.nl[192.0.2.1]:25, delay=1, "
      "dsn=2.0.0, status=sent (250 ok)\n"
      "Nov 21 10:00:00 mx postfix/smtp[1]: 4XyZ: to=<jan@klant.nl>, orig_to=<j@x.nl>, relay=mx.klant.nl[192.0.2.1]:25, "
      "dsn=2.0.0, status=sent (250 ok)\n"
      "Nov 21 10:00:00 mx postfix/smtp[1]: 4XyZ: to=<weg@klant.nl>, relay=mx.klant.nl[192.0.2.1]:25, dsn=5.1.1, "
      "status=bounced (550 no)\n"
      "Nov 21 10:00:00 mx postfix/local[1]: 4XyZ: to=<piet@kantoor.nl>, relay=local, dsn=2.0.0, status=sent "
      "(delivered)\n"
      "Nov 21 10:00:00 mx postfix/smtp[1]: 4XyZ: to=<amavis@klant.nl>, relay=127.0.0.1[127.0.0.1]:10024, dsn=2.0.0, "
      "status=sent (250 ok)\n"
      "Nov 21 10:00:00 mx postfix/smtp[1]: 4XyZ: to=<an@kantoor.nl>, relay=mx.kantoor.nl[192.0.2.3]:25, dsn=2.0.0, "
      "status=sent (250 ok)\n"
      "2026-11-22T10:00:00.123456+01:00 mx postfix/smtp[1]: 4XyZ: to=<kees@ander.nl>, relay=mx.ander.nl[192.0.2.2]:25, "
      "dsn=2.0.0, status=sent (250 ok)\n"
      "Jan  5 10:00:00 mx postfix/smtp[1]: 4XyZ: to=<oud@klant.nl>, relay=mx.klant.nl[192.0.2.1]:25, dsn=2.0.0, "
      "status=sent (250 ok)\n";
  EXPECT_EQ(told(log, {.now = today, .own_domains = {"kantoor.nl"}}),
            "jan@klant.nl 2\nkees@ander.nl 1\noud@klant.nl 0\n");
}

TEST(PostfixHistory, PutsDaysWithoutAYearBeforeNow) {
  const auto history = parse_history(
      "Dec 24 10:00:00 mx postfix/smtp[1]: 4: to=<a@klant.nl>, relay=mx.klant.nl[192.0.2.1]:25, dsn=2.0.0, status=sent "
      "(250 ok)\n",
      {.now = today});
  ASSERT_TRUE(history);
  EXPECT_EQ(history->form, HistoryForm::postfix_log);
  EXPECT_EQ(history->recipients[0].last, Time(std::chrono::sys_days(std::chrono::year(2025) / 12 / 24)));
  EXPECT_EQ(history->recipients[0].mails, 0U);
}

TEST(ExchangeHistory, ReadsTheServersOwnFiles) {
  const std::string csv =
      "#Software: Microsoft Exchange Server\r\n"
      "#Fields: date-time,client-ip,event-id,recipient-address,recipient-status,message-subject\r\n"
      "2026-11-20T08:00:00.000Z,10.0.0.1,SEND,jan@klant.nl;Kees@ander.nl,250,\"a, \"\"b\"\"\"\r\n"
      "2026-11-20T08:00:00.000Z,10.0.0.1,RECEIVE,niet@klant.nl,250,x\r\n"
      "2026-11-21T08:00:00.000Z,10.0.0.1,SENDEXTERNAL,jan@klant.nl,250,x\r\n";
  EXPECT_EQ(told(csv), "jan@klant.nl 2\nkees@ander.nl 1\n");
}

TEST(ExchangeHistory, ReadsWhatPowerShellExports) {
  EXPECT_EQ(told("\"Timestamp\",\"EventId\",\"Recipients\"\n\"11/20/2026 8:00:00 AM\",\"SEND\",\"{jan@klant.nl, "
                 "kees@ander.nl}\"\n"),
            "jan@klant.nl 1\nkees@ander.nl 1\n");
}

TEST(TsvHistory, TakesRecipientMailsAndDate) {
  EXPECT_EQ(told("jan@klant.nl\t3\t2026-11-01\nKlant2.nl\t7\njan@klant.nl\t1\noud.nl\t5\t2020-01-01\n"),
            "jan@klant.nl 4\nklant2.nl 7\noud.nl 0\n");
}

TEST(TsvHistory, PicksColumnsByTheirNames) {
  EXPECT_EQ(told("domain\tgroup\tmails_90d\nklant.nl\tx\t3\n"), "klant.nl 3\n");
  EXPECT_EQ(told("address\tfirst\tlast\tkind\tmails_90d\njan@klant.nl\tJan\tK\tperson\t3\n"), "jan@klant.nl 3\n");
}

TEST(TsvHistory, NamesTheLinesItLeavesOut) {
  const auto history =
      parse_history("jan@klant.nl\t3\nniks\t3\nklant.nl\tveel\n" + std::string(70'000, 'x') + "\n", {.now = today});
  ASSERT_TRUE(history);
  ASSERT_EQ(history->problems.size(), 3U);
  EXPECT_EQ(history->problems[0].line, 2U);
  EXPECT_EQ(history->problems[1].line, 3U);
  EXPECT_EQ(history->problems[2].line, 4U);
}

TEST(History, SaysSoWhenThereIsNone) {
  EXPECT_TRUE(told("").starts_with("error: no recipient"));
  EXPECT_TRUE(told("hello world\n\xFF\xFE\n").starts_with("error: no recipient"));
}

}  // namespace
