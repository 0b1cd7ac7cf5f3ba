#include "mail/structure.h"

#include <gtest/gtest.h>

namespace zegel::mail {
namespace {

constexpr std::string_view nested =
    "From: a@b.nl\r\n"
    "Content-Type: multipart/mixed; boundary=out\r\n"
    "\r\n"
    "preamble\r\n"
    "--out\r\n"
    "Content-Type: multipart/alternative; boundary=\"in ner\"\r\n"
    "\r\n"
    "--in ner\r\n"
    "\r\n"
    "plain\r\n"
    "--in ner  \r\n"
    "Content-Type: text/html; charset=utf-8\r\n"
    "Content-Transfer-Encoding: base64\r\n"
    "\r\n"
    "PGI+\r\n"
    "--in ner--\r\n"
    "\r\n"
    "--out\r\n"
    "Content-Type: message/rfc822\r\n"
    "Content-Disposition: attachment; filename*=utf-8''caf%C3%A9.eml\r\n"
    "\r\n"
    "Subject: inner\r\n"
    "\r\n"
    "text\r\n"
    "\r\n"
    "--out--\r\n";

TEST(Structure, SeesEveryPartAsAByteRange) {
  const Message message{std::string(nested)};
  const Structure structure = scan(message);
  EXPECT_TRUE(structure.sound()) << structure.flaws().front().why;
  const auto& parts = structure.parts();
  ASSERT_EQ(parts.size(), 6U);
  EXPECT_EQ(parts[0].children, (std::vector<std::uint32_t>{1, 4}));
  EXPECT_EQ(parts[1].children, (std::vector<std::uint32_t>{2, 3}));
  EXPECT_EQ(message.slice(parts[2].whole), "\r\nplain");
  EXPECT_EQ(message.slice(parts[2].body), "plain");
  EXPECT_TRUE(parts[3].is("text", "html"));
  EXPECT_EQ(parts[3].encoding, Encoding::base64);
  EXPECT_EQ(message.slice(parts[3].body), "PGI+");
  EXPECT_EQ(parts[4].file_name(), "café.eml");
  EXPECT_EQ(parts[5].parent, 4U);
  EXPECT_EQ(message.slice(parts[5].header), "Subject: inner\r\n");
  EXPECT_EQ(message.slice(parts[5].body), "text\r\n");
  EXPECT_EQ(parts[5].depth, 2U);
}

TEST(Structure, KnowsWhatIsBeforeAndBehindTheParts) {
  const Message message{std::string(nested)};
  const auto parts = scan(message).parts();
  EXPECT_EQ(message.slice(parts[0].preamble), "preamble");
  EXPECT_EQ(message.slice(parts[0].epilogue), "");
  EXPECT_EQ(parts[0].epilogue.end, message.size());
  EXPECT_TRUE(parts[1].preamble.empty());
  EXPECT_EQ(parts[1].preamble.begin, parts[1].body.begin);
  const Message more("Content-Type: multipart/mixed; boundary=b\r\n\r\n\r\n--b\r\n\r\nx\r\n--b--  \r\nbehind\r\n");
  const Part root = scan(more).root();
  EXPECT_EQ(root.preamble.size(), 0U);
  EXPECT_EQ(more.slice(root.epilogue), "behind\r\n");
  EXPECT_TRUE(scan(Message("Content-Type: multipart/mixed; boundary=b\r\n\r\nx\r\n")).root().preamble.empty());
}

TEST(Structure, TakesAMessageWithoutMimeAsText) {
  const Structure structure = scan(Message("From: a@b.nl\r\n\r\nhello\r\n"));
  EXPECT_TRUE(structure.sound());
  EXPECT_TRUE(structure.root().is("text", "plain"));
  EXPECT_EQ(structure.root().body.size(), 7U);
}

TEST(Structure, AnswersForNothingAtAll) {
  EXPECT_EQ(scan(Message("")).parts().size(), 1U);
  EXPECT_EQ(scan(Message("\r\n")).parts().size(), 1U);
}

}  // namespace
}  // namespace zegel::mail
