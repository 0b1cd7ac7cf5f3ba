#include "smtp/reply.h"

#include <gtest/gtest.h>

namespace zegel::smtp {
namespace {

TEST(Reply, IsOneLineWithCodeAndStatus) {
  EXPECT_EQ((Reply{250, "2.1.0", "sender OK"}.wire()), "250 2.1.0 sender OK\r\n");
  EXPECT_EQ((Reply{354, "", "go on"}.wire()), "354 go on\r\n");
  EXPECT_EQ((Reply{250, "2.0.0", ""}.wire()), "250 2.0.0\r\n");
  EXPECT_EQ((Reply{334, "", ""}.wire()), "334 \r\n");
}

TEST(Reply, RepeatsCodeAndStatusOnEveryLine) {
  EXPECT_EQ((Reply{550, "5.7.1", "one\ntwo"}.wire()), "550-5.7.1 one\r\n550 5.7.1 two\r\n");
}

TEST(Reply, NeverHasALineOver512Octets) {
  const std::string wire = Reply{550, "5.7.1", std::string(300, 'a') + " " + std::string(700, 'b')}.wire();
  std::size_t begin = 0, lines = 0, letters = 0;
  for (std::size_t end = wire.find("\r\n"); end != std::string::npos; begin = end + 2, end = wire.find("\r\n", begin)) {
    EXPECT_LE(end + 2 - begin, 512u);
    EXPECT_EQ(wire.substr(begin, 3), "550");
    ++lines;
  }
  for (const char c : wire) letters += c == 'a' || c == 'b';
  EXPECT_EQ(begin, wire.size());
  EXPECT_EQ(lines, 3u);
  EXPECT_EQ(letters, 1000u);
}

TEST(Reply, LetsNoControlCharacterOut) {
  EXPECT_EQ((Reply{550, "5.1.2", "a\rb\tc\x7F\xC3\xA9"}.wire()), "550 5.1.2 a?b?c???\r\n");
}

}  // namespace
}  // namespace zegel::smtp
