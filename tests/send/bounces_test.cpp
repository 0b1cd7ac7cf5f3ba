#include "send/bounces.h"

#include <gtest/gtest.h>

#include "rig.h"
#include "send/conclusion.h"

namespace zegel::send {
namespace {

using Kind = Outcome::Kind;
using std::chrono::days;

const Time noon{days(20'000)};

class Bounces : public testing::Test {
 protected:
  void SetUp() override {
    settings_.server.hostname = "zegel.kantoor.nl";
    settings_.office.domains = {"kantoor.nl"};
    copy_.id = 1;
    copy_.reference = "7K3QX9M2TB";
    copy_.from = mailbox("piet@kantoor.nl");
    copy_.received = noon;
    copy_.client = "192.0.2.7";
    copy_.language = Language::de;
  }

  static Outcome outcome(Kind kind, mail::Notify notify = {}) {
    return {.recipient = {.mailbox = mailbox("jan@x.nl"), .notify = notify},
            .kind = kind,
            .status = "5.1.1",
            .reply = "550 5.1.1 no such user",
            .relay = "mx.x.nl:25"};
  }

  std::optional<store::Submission> about(std::vector<Outcome> outcomes, bool late = false) {
    return report(copy_, {std::move(outcomes), late, noon, noon + days(5)}, settings_, [] { return std::string(); });
  }

  config::Settings settings_;
  store::QueuedCopy copy_;
};

TEST_F(Bounces, AFailureGoesToTheSenderByTheOfficesOwnRoad) {
  const auto bounce = about({outcome(Kind::failed)});
  ASSERT_TRUE(bounce);
  EXPECT_FALSE(bounce->envelope.from);
  ASSERT_EQ(bounce->copies.size(), 1U);
  const auto& copy = bounce->copies[0];
  EXPECT_EQ(copy.via, store::Via::office);
  EXPECT_TRUE(copy.notice);
  EXPECT_EQ(copy.recipients, (std::vector<mail::Recipient>{to("piet@kantoor.nl")}));
  EXPECT_EQ(bounce->client, "192.0.2.7") << "the default of office.relay";
  EXPECT_NE(bounce->reference, copy_.reference);
}

TEST_F(Bounces, NobodyIsToldOfTheNullSenderOrOfNotices) {
  copy_.from.reset();
  EXPECT_FALSE(about({outcome(Kind::failed)}));
  copy_.from = mailbox("piet@kantoor.nl");
  copy_.notice = true;
  EXPECT_FALSE(about({outcome(Kind::failed)}));
}

TEST_F(Bounces, NobodyOutsideTheOfficeIsTold) {
  copy_.from = mailbox("piet@elders.nl");
  EXPECT_FALSE(about({outcome(Kind::failed)}));
  copy_.from = mailbox("piet@sub.kantoor.nl");
  EXPECT_FALSE(about({outcome(Kind::failed)}));
}

TEST_F(Bounces, NotifyIsHonoured) {
  EXPECT_FALSE(about({outcome(Kind::failed, {.given = true, .never = true})}));
  EXPECT_FALSE(about({outcome(Kind::failed, {.given = true, .success = true})}));
  EXPECT_TRUE(about({outcome(Kind::failed, {.given = true, .failure = true})}));
  EXPECT_FALSE(about({outcome(Kind::delivered)}));
  EXPECT_TRUE(about({outcome(Kind::delivered, {.given = true, .success = true})}));
  EXPECT_FALSE(about({outcome(Kind::retry)}));
  EXPECT_TRUE(about({outcome(Kind::retry)}, true));
  EXPECT_FALSE(about({outcome(Kind::retry, {.given = true, .failure = true})}, true));
  EXPECT_TRUE(about({outcome(Kind::retry, {.given = true, .delay = true})}, true));
}

TEST_F(Bounces, ANextHopThatReportsItselfIsNotSpokenFor) {
  auto delivered = outcome(Kind::delivered, {.given = true, .success = true});
  delivered.reports_itself = true;
  EXPECT_FALSE(about({delivered}));
}

TEST_F(Bounces, OfTheOriginalOnlyFourFieldsAreKept) {
  EXPECT_EQ(original_fields("Received: x\r\nFrom: a@x\r\nSubject: geheim\r\nTO: b@y,\r\n c@y\r\nX-A: b\r\n"
                            "date: d\r\nMessage-Id: <1@x>\r\n\r\nTo: body\r\n"),
            "From: a@x\r\nTO: b@y,\r\n c@y\r\ndate: d\r\nMessage-Id: <1@x>\r\n");
}

TEST_F(Bounces, GivingUpFailsThoseStillWaitingAndTellsOnce) {
  copy_.attempts = 100;
  auto ended = conclude(copy_, {outcome(Kind::retry)}, settings_, noon + days(6), 0, [] { return std::string(); });
  EXPECT_EQ(ended.attempt.outcomes[0].kind, Kind::failed);
  EXPECT_EQ(ended.outcomes[0].status, "5.4.7");
  EXPECT_EQ(ended.attempt.notices.size(), 1U);
}

TEST_F(Bounces, ADelayIsToldOnce) {
  copy_.attempts = 6;
  auto late =
      conclude(copy_, {outcome(Kind::retry)}, settings_, noon + std::chrono::hours(6), 0, [] { return std::string(); });
  EXPECT_EQ(late.attempt.notices.size(), 1U);
  EXPECT_TRUE(late.attempt.delay_notified);
  copy_.delay_notified = true;
  late = conclude(copy_, {outcome(Kind::retry)}, settings_, noon + std::chrono::hours(10), 0,
                  [] { return std::string(); });
  EXPECT_TRUE(late.attempt.notices.empty());
  EXPECT_TRUE(late.attempt.delay_notified);
}

TEST_F(Bounces, ASecondAttemptOfTheSameIsTheSame) {
  const auto once = conclude(copy_, {outcome(Kind::failed)}, settings_, noon, 0, [] { return std::string(); });
  const auto twice = again(once.attempt);
  ASSERT_EQ(twice.notices.size(), 1U);
  EXPECT_EQ(twice.notices[0].reference, once.attempt.notices[0].reference);
  EXPECT_EQ(twice.notices[0].copies[0].message.bytes(), once.attempt.notices[0].copies[0].message.bytes());
  EXPECT_EQ(twice.outcomes.size(), 1U);
}

}  // namespace
}  // namespace zegel::send
