#include <algorithm>
#include <map>
#include <set>

#include <gtest/gtest.h>

#include "rig.h"
#include "send/absences.h"
#include "send/capabilities.h"
#include "send/mx.h"
#include "send/parameters.h"
#include "send/reply_reader.h"
#include "send/route.h"
#include "send/stuffing.h"
#include "send/tls_policy.h"

namespace zegel::send {
namespace {

store::QueuedCopy copy_for(const std::vector<std::string>& recipients) {
  store::QueuedCopy copy;
  for (const auto& recipient : recipients) copy.recipients.push_back(to(recipient));
  copy.client = "192.0.2.7";
  return copy;
}

TEST(Route, GoesToTheRelaysInOrder) {
  config::Settings settings;
  settings.delivery.relay = {{"a.example", 587}, {"b.example", 25}};
  const auto legs = route(copy_for({"jan@x.nl", "els@y.nl"}), settings);
  ASSERT_EQ(legs.size(), 1U);
  EXPECT_EQ(legs[0].destination.hosts, settings.delivery.relay);
  EXPECT_EQ(legs[0].recipients.size(), 2U);
}

TEST(Route, DirectMakesALegPerDomain) {
  config::Settings settings;
  settings.delivery.direct = true;
  const auto legs = route(copy_for({"jan@x.nl", "els@y.nl", "piet@x.nl"}), settings);
  ASSERT_EQ(legs.size(), 2U);
  EXPECT_EQ(legs[0].destination.mx_of, "x.nl");
  EXPECT_EQ(legs[0].recipients.size(), 2U);
}

TEST(Route, TheOfficeIsReachedAtItsRelayOrWhereTheClientIs) {
  config::Settings settings;
  settings.delivery.relay = {{"a.example", 587}};
  settings.delivery.user = "zegel";
  auto copy = copy_for({"piet@kantoor.nl"});
  copy.via = store::Via::office;
  auto office = route(copy, settings)[0].destination;
  EXPECT_EQ(office.hosts, (std::vector<config::HostPort>{{"192.0.2.7", 25}}));
  EXPECT_EQ(office.tls, Tls::opportunistic);
  EXPECT_FALSE(office.login) << "the provider's password is not for the office server";
  settings.office.relay = config::HostPort{"exchange.kantoor.nl", 2525};
  office = route(copy, settings)[0].destination;
  EXPECT_EQ(office.hosts, (std::vector<config::HostPort>{{"exchange.kantoor.nl", 2525}}));
}

TEST(Route, LinesOfDifferentSafetyAreNeverShared) {
  config::Settings settings;
  settings.delivery.relay = {{"a.example", 587}};
  std::set<std::string> keys;
  for (const auto& word : words(Tls{})) {
    auto copy = copy_for({"jan@x.nl"});
    copy.tls = word.value;
    keys.insert(route(copy, settings)[0].destination.key());
  }
  EXPECT_EQ(keys.size(), 4U);
}

TEST(Absences, PutLastWhoIsAwayForAMinute) {
  const Absences::Time noon_of_this_clock{std::chrono::hours(1)};
  const std::vector<config::HostPort> both = {{"a.example", 25}, {"b.example", 25}};
  const auto first = [&](const Absences& absences, std::chrono::seconds later) {
    return absences.order(both, noon_of_this_clock + later).front().host;
  };
  Absences absences;
  EXPECT_TRUE(absences.missed(both[0], noon_of_this_clock));
  EXPECT_FALSE(absences.missed(both[0], noon_of_this_clock)) << "no news";
  EXPECT_EQ(first(absences, std::chrono::seconds(59)), "b.example");
  EXPECT_EQ(first(absences, std::chrono::seconds(60)), "a.example");
  EXPECT_EQ(absences.order(both, noon_of_this_clock).size(), 2U) << "still tried";
  absences.missed(both[1], noon_of_this_clock);
  EXPECT_EQ(first(absences, std::chrono::seconds(1)), "a.example") << "both away: in order";
  absences.answered(both[0]);
  EXPECT_TRUE(absences.missed(both[0], noon_of_this_clock)) << "news again";
}

TEST(TlsPolicy, IsNeverWeakened) {
  for (const auto policy : {Tls::required, Tls::verified}) {
    EXPECT_EQ(start_tls(policy, false, false), Secure::defer);
    EXPECT_EQ(start_tls(policy, true, true), Secure::now) << "a failed handshake is no reason to go without";
    EXPECT_FALSE(may_fall_back(policy));
    EXPECT_FALSE(good_enough(policy, {}));
  }
  EXPECT_TRUE(good_enough(Tls::required, {.version = "TLSv1.3"}));
  EXPECT_FALSE(good_enough(Tls::verified, {.version = "TLSv1.3", .problem = "hostname mismatch"}));
  EXPECT_TRUE(good_enough(Tls::verified, {.version = "TLSv1.3", .verified = true}));
}

TEST(TlsPolicy, OpportunisticTakesWhatThereIs) {
  EXPECT_EQ(start_tls(Tls::opportunistic, true, false), Secure::now);
  EXPECT_EQ(start_tls(Tls::opportunistic, true, true), Secure::never);
  EXPECT_EQ(start_tls(Tls::opportunistic, false, false), Secure::never);
  EXPECT_EQ(start_tls(Tls::none, true, false), Secure::never);
}

TEST(TlsPolicy, PasswordsWantTls) {
  EXPECT_FALSE(may_log_in({}));
  EXPECT_TRUE(may_log_in({.version = "TLSv1.2"}));
}

MailHosts hosts_for(const std::vector<MxRecord>& records) {
  return mail_hosts("x.nl", {.kind = MxAnswer::Kind::records, .records = records}, "zegel.kantoor.nl",
                    [](std::uint32_t) { return 0U; });
}

TEST(Mx, GoesByPreference) {
  EXPECT_EQ(hosts_for({{20, "b"}, {5, "a"}, {30, "c"}}).hosts, (std::vector<std::string>{"a", "b", "c"}));
}

TEST(Mx, ShufflesEquals) {
  std::map<std::string, int> first;
  std::uint32_t seed = 1;
  for (int i = 0; i < 400; ++i) {
    const auto found =
        mail_hosts("x.nl", {.kind = MxAnswer::Kind::records, .records = {{10, "a"}, {10, "b"}, {20, "c"}}}, "z",
                   [&](std::uint32_t bound) { return (seed = seed * 1'103'515'245 + 12'345) / 65'536 % bound; });
    ++first[found.hosts[0]];
    EXPECT_EQ(found.hosts[2], "c");
  }
  EXPECT_GT(first["a"], 100);
  EXPECT_GT(first["b"], 100);
}

TEST(Mx, NullMxBouncesAtOnce) {
  const auto found = hosts_for({{0, ""}});
  EXPECT_TRUE(found.hosts.empty());
  EXPECT_TRUE(found.permanent);
  EXPECT_EQ(found.status, "5.1.10");
}

TEST(Mx, WithoutMxTheDomainItselfIsAsked) {
  EXPECT_EQ(mail_hosts("x.nl", {.kind = MxAnswer::Kind::none}, "z", {}).hosts, std::vector<std::string>{"x.nl"});
}

TEST(Mx, ADomainThatIsNotBouncesAndADeafServerDefers) {
  EXPECT_TRUE(mail_hosts("x.nl", {.kind = MxAnswer::Kind::no_such_domain}, "z", {}).permanent);
  EXPECT_FALSE(mail_hosts("x.nl", {.kind = MxAnswer::Kind::failed}, "z", {}).permanent);
}

TEST(Mx, NeverComesBackToOurselves) {
  EXPECT_EQ(hosts_for({{5, "a"}, {10, "ZEGEL.kantoor.nl"}, {10, "b"}, {20, "c"}}).hosts, std::vector<std::string>{"a"});
  const auto only_us = hosts_for({{10, "zegel.kantoor.nl"}});
  EXPECT_TRUE(only_us.permanent);
  EXPECT_EQ(only_us.status, "5.4.6");
}

std::string flat(std::string_view message) {
  std::string all;
  for (const auto piece : stuffed(message)) all += piece;
  return all;
}

TEST(Stuffing, DoublesDotsAtLineStarts) {
  EXPECT_EQ(flat(".a\r\n.\r\nb.\r\n..\r\n"), "..a\r\n..\r\nb.\r\n...\r\n.\r\n");
  EXPECT_EQ(flat("a\r\n"), "a\r\n.\r\n");
  EXPECT_EQ(flat("a"), "a\r\n.\r\n");
  EXPECT_EQ(flat("a\r\n."), "a\r\n..\r\n.\r\n");
}

TEST(Stuffing, CopiesNothing) {
  const std::string message(1'000'000, 'x');
  const auto pieces = stuffed(message);
  ASSERT_EQ(pieces.size(), 2U);
  EXPECT_EQ(pieces[0].data(), message.data());
}

TEST(Stuffing, SeesHighOctetsAnywhere) {
  for (std::size_t at = 0; at < 40; ++at) {
    std::string text(40, 'a');
    EXPECT_FALSE(is_eight_bit(text));
    text[at] = '\xC3';
    EXPECT_TRUE(is_eight_bit(text)) << at;
  }
}

TEST(ReplyReader, JoinsLinesAndFindsTheEnhancedCode) {
  ReplyReader reader;
  EXPECT_FALSE(reader.add("550-5.1.1 no such").value());
  const auto reply = reader.add("550 5.1.1 user").value();
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->code, 550);
  EXPECT_EQ(reply->enhanced, "5.1.1");
  EXPECT_EQ(reply->text, "no such\nuser");
  EXPECT_EQ(one_line(*reply), "550 5.1.1 no such user");
}

TEST(ReplyReader, TakesAnEnhancedCodeOnlyOfItsOwnClass) {
  ReplyReader reader;
  EXPECT_EQ(reader.add("550 2.1.1 odd").value()->enhanced, "");
  EXPECT_EQ(reader.add("250 2.1 odd").value()->enhanced, "");
  EXPECT_EQ(reader.add("250 192.168.1.1 odd").value()->enhanced, "");
}

TEST(ReplyReader, RefusesWhatIsNoReply) {
  for (const auto* line : {"", "25", "2500 x", "abc def", "650 x", "150 x", "SSH-2.0-OpenSSH", "\xFF\xFE\x00"}) {
    EXPECT_FALSE(ReplyReader().add(line)) << line;
  }
}

TEST(ReplyReader, RefusesACodeThatChanges) {
  ReplyReader reader;
  EXPECT_TRUE(reader.add("250-a"));
  EXPECT_FALSE(reader.add("550 b"));
}

TEST(ReplyReader, EndsAReplyWithoutEnd) {
  ReplyReader reader;
  std::size_t lines = 0;
  while (reader.add("250-" + std::string(1'000, 'x')) && lines < 100'000) ++lines;
  EXPECT_EQ(lines, ReplyReader::most_lines);
}

TEST(Capabilities, ReadsWhatEhloOffers) {
  const auto offered = capabilities(
      {.code = 250,
       .text = "PIPELINING.example\nSize 35882577\n8bitmime\nAUTH=LOGIN\nAUTH PLAIN XOAUTH2\nDSN\nSMTPUTF8\nX-WHAT"});
  EXPECT_FALSE(offered.pipelining) << "the first line is a name";
  EXPECT_EQ(offered.max_size, 35'882'577U);
  EXPECT_TRUE(offered.eight_bit && offered.utf8 && offered.dsn && offered.auth_plain && offered.auth_login);
  EXPECT_FALSE(offered.start_tls);
}

TEST(Parameters, WriteXtext) {
  EXPECT_EQ(xtext("a+b=c d\xC3"), "a+2Bb+3Dc+20d+C3");
  EXPECT_EQ(mail_parameters(""), " RET=HDRS");
  EXPECT_EQ(rcpt_parameters({.mailbox = {"a", "x.nl"}, .notify = {.given = true, .never = true}}), " NOTIFY=NEVER");
  EXPECT_EQ(rcpt_parameters({.mailbox = {"a", "x.nl"}}), "");
}

}  // namespace
}  // namespace zegel::send
