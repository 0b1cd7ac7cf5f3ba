#include "send/seven_bit.h"

#include <gtest/gtest.h>

#include "mail/content.h"
#include "mail/structure.h"
#include "rig.h"
#include "send/stuffing.h"

namespace zegel::send {
namespace {

const std::string mixed =
    "From: <piet@kantoor.nl>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n"
    "Content-Transfer-Encoding: 8bit\r\n\r\n"
    "--b\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    "caf\xC3\xA9 = \xE2\x82\xAC 3,50\r\n.dot\r\n\r\n"
    "--b\r\nContent-Type: text/plain\r\n\r\nplain stays = plain\r\n"
    "--b\r\nContent-Type: application/octet-stream\r\ncontent-transfer-encoding: 8BIT\r\n\r\n\xFF\xFE raw\r\n"
    "--b--\r\n";

/// The decoded bodies of all leaves.
std::vector<std::string> leaves(const std::string& bytes) {
  const mail::Message message(bytes);
  const auto structure = mail::scan(message);
  EXPECT_TRUE(structure.sound());
  std::vector<std::string> found;
  for (const auto& part : structure.parts()) {
    if (part.children.empty() && !part.is_multipart()) found.push_back(mail::decode(message, part).value());
  }
  return found;
}

TEST(SevenBit, SaysTheSameInSevenBits) {
  const auto changed = to_seven_bit(mixed);
  ASSERT_TRUE(changed);
  EXPECT_FALSE(is_eight_bit(*changed));
  EXPECT_EQ(leaves(*changed), leaves(mixed));
  EXPECT_TRUE(changed->contains("\r\n\r\nplain stays = plain\r\n")) << "what need not change does not";
  EXPECT_FALSE(changed->contains("8bit"));
}

TEST(SevenBit, LeavesSignedMailAlone) {
  EXPECT_FALSE(
      to_seven_bit("MIME-Version: 1.0\r\nContent-Type: multipart/signed; boundary=s\r\n\r\n"
                   "--s\r\nContent-Type: text/plain\r\nContent-Transfer-Encoding: 8bit\r\n\r\ncaf\xC3\xA9\r\n"
                   "--s\r\nContent-Type: application/pgp-signature\r\n\r\nx\r\n--s--\r\n"));
}

TEST(SevenBit, LeavesAloneWhatItCannotTakeApart) {
  EXPECT_FALSE(
      to_seven_bit("MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n\xC3\xA9"));
  EXPECT_FALSE(to_seven_bit("Subject: no MIME\r\n\r\n\xC3\xA9\r\n"));
  EXPECT_FALSE(
      to_seven_bit("Subject: \xC3\xA9\r\nMIME-Version: 1.0\r\nContent-Transfer-Encoding: 8bit\r\n\r\n\xC3\xA9\r\n"));
}

TEST(SevenBit, HelpsANextHopWithoutEightBitMime) {
  fake::Manners old;
  old.offers = {"PIPELINING"};
  const fake::NextHop hop(old);
  Rig rig;
  rig.relay_to({hop.port()});
  rig.start();
  rig.submit(rig.mail({"jan@x.nl"}, mixed));
  ASSERT_TRUE(rig.wait_until_empty());
  ASSERT_EQ(hop.received().size(), 1U);
  EXPECT_EQ(leaves(hop.received()[0].message), leaves(mixed));
}

TEST(SevenBit, WhatMayNotChangeBouncesWithTheRightCode) {
  fake::Manners old;
  old.offers = {"PIPELINING"};
  const fake::NextHop hop(old);
  Rig rig;
  rig.relay_to({hop.port()});
  rig.start();
  rig.submit(rig.mail({"jan@x.nl"}, "Subject: no MIME\r\n\r\n\xC3\xA9\r\n"));
  const auto outcome = rig.only_outcome();
  EXPECT_EQ(outcome.kind, store::RecipientOutcome::Kind::failed);
  EXPECT_TRUE(outcome.reply.starts_with("554 5.6.3 ")) << outcome.reply;
}

}  // namespace
}  // namespace zegel::send
