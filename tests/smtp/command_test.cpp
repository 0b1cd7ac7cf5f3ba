#include "smtp/command.h"

#include <gtest/gtest.h>

#include "smtp/path.h"

namespace zegel::smtp {
namespace {

TEST(Command, IsTakenApartAtItsFirstBlank) {
  const Command command = parse_command("mAiL FROM:<a@b.nl> SIZE=5 ");
  EXPECT_EQ(command.verb, Verb::mail);
  EXPECT_EQ(command.argument, "FROM:<a@b.nl> SIZE=5");
  EXPECT_EQ(parse_command("QUIT").verb, Verb::quit);
  EXPECT_EQ(parse_command("").verb, Verb::unknown);
  EXPECT_EQ(parse_command("MAILFROM:<a@b.nl>").verb, Verb::unknown);
  EXPECT_EQ(parse_command(" NOOP").verb, Verb::unknown);
  EXPECT_EQ(parse_command("GET / HTTP/1.1").verb, Verb::other_protocol);
}

TEST(Command, MayBeLongerWhereExtensionsSaySo) {
  EXPECT_EQ(longest_line("NOOP"), 512u);
  EXPECT_EQ(longest_line("MAIL FROM:"), 2048u);
  EXPECT_EQ(longest_line("rcpt to:"), 2048u);
  EXPECT_EQ(longest_line("AUTH PLAIN"), 12288u);
  EXPECT_EQ(longest_line("AUTHX"), 512u);
}

TEST(Path, SeesThroughQuotes) {
  const auto split = split_path(R"(TO:<"a>\" b"@x.nl> NOTIFY=NEVER)", "TO:");
  ASSERT_TRUE(split);
  EXPECT_EQ(split->path, R"("a>\" b"@x.nl)");
  EXPECT_EQ(split->parameters, "NOTIFY=NEVER");
}

TEST(Path, SuffersABlankBeforeTheBracket) {
  const auto split = split_path("from: <a@x.nl>", "FROM:");
  ASSERT_TRUE(split);
  EXPECT_EQ(split->path, "a@x.nl");
  EXPECT_EQ(split->parameters, "");
}

TEST(Path, NeedsItsBrackets) {
  for (const char* bad : {"TO:a@x.nl", "TO:<a@x.nl", "TO:", "TO:<\"a@x.nl>", "TO:<a@x.nl>SIZE=1", "TO:<a <b@x.nl>",
                          "TO:<a b@x.nl>", "FROM:<a@x.nl>"}) {
    EXPECT_FALSE(split_path(bad, "TO:")) << bad;
  }
}

}  // namespace
}  // namespace zegel::smtp
