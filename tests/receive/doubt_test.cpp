#include "receive/doubt.h"

#include <algorithm>

#include <gtest/gtest.h>

namespace zegel::receive {
namespace {

using namespace std::chrono_literals;

const mail::Mailbox jan{"jan", "gmial.com"};

check::Verdict near_miss(bool person = false) {
  check::Verdict verdict;
  verdict.standing = check::Standing::near_miss;
  verdict.suggestion = "jan@gmail.com";
  verdict.about_person = person;
  return verdict;
}

config::Recipients rules(OnDoubt on_typo, OnDoubt on_unknown = OnDoubt::allow) {
  config::Recipients recipients;
  recipients.on_typo = on_typo;
  recipients.on_unknown = on_unknown;
  return recipients;
}

TEST(Doubt, KnownAndRelatedAreAlwaysWelcome) {
  for (const auto standing : {check::Standing::known, check::Standing::related}) {
    check::Verdict verdict;
    verdict.standing = standing;
    EXPECT_EQ(what_to_do(verdict, rules(OnDoubt::refuse, OnDoubt::refuse)), OnDoubt::allow);
  }
}

TEST(Doubt, NearMissesGoByOnTypoAndUnknownOnesByOnUnknown) {
  check::Verdict unknown;
  unknown.standing = check::Standing::unknown;
  for (const auto& [word, text] : words_of_on_doubt) {
    EXPECT_EQ(what_to_do(near_miss(), rules(word)), word) << text;
    EXPECT_EQ(what_to_do(unknown, rules(OnDoubt::confirm, word)), word) << text;
  }
}

TEST(Doubt, AHintAboutAPersonOnlyAsks) {
  EXPECT_EQ(what_to_do(near_miss(true), rules(OnDoubt::refuse)), OnDoubt::confirm);
  EXPECT_EQ(what_to_do(near_miss(true), rules(OnDoubt::hold)), OnDoubt::confirm);
  EXPECT_EQ(what_to_do(near_miss(true), rules(OnDoubt::warn)), OnDoubt::warn);
}

TEST(DoubtReply, AsksAndSaysHowToConfirm) {
  const smtp::Reply reply = doubt_reply(jan, near_miss(), OnDoubt::confirm, 30min, "7K3QX9M2TB");
  EXPECT_EQ(reply.code, 550);
  EXPECT_EQ(reply.enhanced, "5.1.2");
  EXPECT_EQ(reply.text,
            "<jan@gmial.com>: did you mean jan@gmail.com? If not, send it again within 30 minutes [7K3QX9M2TB]");
}

TEST(DoubtReply, RefusesWithoutOfferingToConfirm) {
  EXPECT_EQ(doubt_reply(jan, near_miss(), OnDoubt::refuse, 30min, "7K3QX9M2TB").text,
            "<jan@gmial.com>: did you mean jan@gmail.com? [7K3QX9M2TB]");
}

TEST(DoubtReply, SaysOfAnUnknownAddressThatItIsNew) {
  check::Verdict unknown;
  unknown.standing = check::Standing::unknown;
  EXPECT_EQ(doubt_reply(jan, unknown, OnDoubt::confirm, 1h, "7K3QX9M2TB").text,
            "<jan@gmial.com>: this address is new here. If it is right, send it again within 1 hour [7K3QX9M2TB]");
}

TEST(DoubtReply, IsOneLineWithItsReferenceHoweverLongTheAddresses) {
  const std::string domain = std::string(63, 'a') + "." + std::string(63, 'b') + "." + std::string(63, 'c') + ".nl";
  check::Verdict verdict = near_miss();
  verdict.suggestion = std::string(64, 'k') + "@x" + domain;
  const std::string wire =
      doubt_reply({std::string(64, 'j'), domain}, verdict, OnDoubt::confirm, 30min, "7K3QX9M2TB").wire();
  EXPECT_LE(wire.size(), 512U);
  EXPECT_TRUE(wire.starts_with("550 5.1.2 <jjj")) << wire;
  EXPECT_TRUE(wire.ends_with("ccc.nl? If not, send it again within 30 minutes [7K3QX9M2TB]\r\n")) << wire;
  EXPECT_EQ(std::ranges::count(wire, '\n'), 1);
}

TEST(SpokenTime, IsInTheLargestUnitThatFits) {
  EXPECT_EQ(spoken(30min), "30 minutes");
  EXPECT_EQ(spoken(90min), "90 minutes");
  EXPECT_EQ(spoken(48h), "2 days");
  EXPECT_EQ(spoken(1s), "1 second");
}

}  // namespace
}  // namespace zegel::receive
