#include "mail/compose.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "core/text.h"

namespace zegel::mail {
namespace {

std::size_t longest_line(std::string_view text) {
  std::size_t longest = 0;
  for (const auto line : text::split(text, '\n'))
    longest = std::max(longest, line.size() - (line.ends_with('\r') ? 1 : 0));
  return longest;
}

TEST(Compose, WritesShortAsciiTextAs7Bit) {
  const Entity entity = Entity::text("Beste Jan,\n\nGroet\n");
  EXPECT_EQ(entity.header(), "Content-Type: text/plain; charset=\"utf-8\"\r\nContent-Transfer-Encoding: 7bit\r\n");
  EXPECT_EQ(entity.body(), "Beste Jan,\r\n\r\nGroet\r\n");
}

TEST(Compose, WritesOtherTextAsQuotedPrintable) {
  const Entity entity = Entity::text("Café = " + std::string(200, 'x') + "\nFrom hier \n.\n");
  EXPECT_NE(entity.header().find("quoted-printable"), std::string::npos);
  EXPECT_LE(longest_line(entity.body()), 76U);
  EXPECT_TRUE(entity.body().starts_with("Caf=C3=A9 =3D xxx"));
  EXPECT_TRUE(entity.body().ends_with("\r\n=46rom hier=20\r\n=2E\r\n")) << entity.body();
}

TEST(Compose, NamesFilesForEveryReader) {
  EXPECT_EQ(Entity::file("application/zip", "bijlagen.zip", "abc").bytes(),
            "Content-Type: application/zip;\r\n name=\"bijlagen.zip\"\r\n"
            "Content-Disposition: attachment;\r\n filename=\"bijlagen.zip\"\r\n"
            "Content-Transfer-Encoding: base64\r\n\r\nYWJj\r\n");
  EXPECT_EQ(Entity::file("application/pdf", "café.pdf", "").header(),
            "Content-Type: application/pdf;\r\n name=\"=?utf-8?B?Y2Fmw6kucGRm?=\"\r\n"
            "Content-Disposition: attachment;\r\n filename*0*=utf-8''caf%C3%A9.pdf\r\n"
            "Content-Transfer-Encoding: base64\r\n");
}

TEST(Compose, KeepsLongNamesWithinTheLine) {
  std::string name;
  for (int i = 0; i < 60; ++i) name += "é";
  const Entity entity = Entity::file("application/pdf", name + "\".pdf", "");
  EXPECT_LE(longest_line(entity.header()), 76U) << entity.header();
  EXPECT_TRUE(text::is_ascii(entity.header()));
}

TEST(Compose, JoinsPartsExactlyAsTheyAre) {
  const Entity inner = Entity::sliced("Content-Type: text/plain;\tx=y\r\n\r\n\xe9 exact \r\n");
  const Entity whole = Entity::multipart("multipart/mixed", {}, {inner, Entity::sliced("\r\nbody")});
  const std::string header = whole.header();
  const std::size_t at = header.find("boundary=\"") + 10;
  const std::string boundary = header.substr(at, header.find('"', at) - at);
  EXPECT_EQ(boundary.size(), 34U);
  EXPECT_EQ(whole.body(), "--" + boundary + "\r\nContent-Type: text/plain;\tx=y\r\n\r\n\xe9 exact \r\n\r\n--" +
                              boundary + "\r\n\r\nbody\r\n--" + boundary + "--\r\n");
}

TEST(Compose, NeverUsesABoundaryTwice) {
  EXPECT_NE(Entity::multipart("multipart/mixed", {}, {}).header(),
            Entity::multipart("multipart/mixed", {}, {}).header());
}

TEST(Compose, LetsNoValueEndItsField) {
  EXPECT_EQ(field("Subject", "een\r\nBcc: x@y.nl"), "Subject: een  Bcc: x@y.nl\r\n");
  EXPECT_EQ(field("Subject", "één\nBcc: x"), "Subject: =?utf-8?B?w6nDqW4gQmNjOiB4?=\r\n");
}

TEST(Compose, FoldsLongFields) {
  std::string words;
  for (int i = 0; i < 40; ++i) words += " woord";
  EXPECT_LE(longest_line(field("Subject", words)), 76U);
  for (int i = 0; i < 40; ++i) words += " wöörd";
  const std::string encoded = field("Subject", words);
  EXPECT_LE(longest_line(encoded), 76U);
  EXPECT_TRUE(text::is_ascii(encoded));
}

TEST(Compose, MakesNoLineOfBlanks) {
  EXPECT_EQ(field("X", "a" + std::string(90, ' ') + "b"), "X: a\r\n" + std::string(90, ' ') + "b\r\n");
  EXPECT_EQ(field("X", std::string(90, ' ')), "X: " + std::string(90, ' ') + "\r\n");
  EXPECT_LE(longest_line(field("X", "a" + std::string(5000, ' ') + "b")), 76U);
}

TEST(Compose, WritesAMessage) {
  EXPECT_EQ(compose_message("From: a@b.nl\r\n", Entity::leaf({{"Content-Type", "a/b"}}, "x\r\n")),
            "From: a@b.nl\r\nMIME-Version: 1.0\r\nContent-Type: a/b\r\n\r\nx\r\n");
}

}  // namespace
}  // namespace zegel::mail
