#include "smtp/dot_reader.h"

#include <gtest/gtest.h>

#include "smtp/smuggled_endings.h"

namespace zegel::smtp {
namespace {

using Fault = DotReader::Fault;

struct Read {
  bool ended = false;
  Fault fault = Fault::none;
  std::string message;
  std::string rest;
  friend bool operator==(const Read&, const Read&) = default;
};

/// Feeds `bytes` cut into pieces of `piece` octets, the first one of `first`.
Read read(std::string_view bytes, std::size_t first, std::size_t piece, std::size_t limit = 1 << 20) {
  DotReader reader(limit);
  Read out;
  for (std::size_t size = first; !bytes.empty() && !out.ended; size = piece) {
    std::string_view chunk = bytes.substr(0, size);
    bytes.remove_prefix(chunk.size());
    out.ended = reader.feed(chunk, out.message);
    out.rest = chunk;
  }
  out.rest += bytes;
  out.fault = reader.fault();
  if (out.fault != Fault::none) out.message.clear();
  return out;
}

/// However it is cut, it is read the same.
Read read_every_way(std::string_view bytes, std::size_t limit = 1 << 20) {
  const Read whole = read(bytes, bytes.size(), bytes.size(), limit);
  for (std::size_t cut = 1; cut < bytes.size(); ++cut) {
    EXPECT_EQ(read(bytes, cut, bytes.size(), limit), whole) << "cut at " << cut;
  }
  EXPECT_EQ(read(bytes, 1, 1, limit), whole) << "octet by octet";
  return whole;
}

TEST(DotReader, TakesTheStuffedDotsOff) {
  const Read got = read_every_way("a\r\n..b\r\n...\r\n.c\r\n\r\n.\r\nQUIT\r\n");
  EXPECT_TRUE(got.ended);
  EXPECT_EQ(got.message, "a\r\n.b\r\n..\r\nc\r\n\r\n");
  EXPECT_EQ(got.rest, "QUIT\r\n");
}

TEST(DotReader, ReadsAnEmptyMessage) {
  const Read got = read_every_way(".\r\nx");
  EXPECT_TRUE(got.ended);
  EXPECT_EQ(got.message, "");
  EXPECT_EQ(got.rest, "x");
}

TEST(DotReader, WaitsForTheRealEnd) {
  for (const char* open : {"", "a", "a\r\n", "a\r\n.", "a\r\n.\r", "a.\r\n", "a\r\n..\r\n", "a\r\n.\r\r\n"}) {
    EXPECT_FALSE(read_every_way(open).ended) << open;
  }
}

TEST(DotReader, EndsAtNoSmuggledEnding) {
  for (const Ending& ending : smuggled_endings()) {
    const std::string smuggled = "MAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\nSubject: two\r\n\r\nbody";
    const Read got = read_every_way("Subject: one\r\n\r\nbody" + ending.bytes + smuggled + "\r\n.\r\nQUIT\r\n");
    EXPECT_TRUE(got.ended) << ending.name;
    EXPECT_EQ(got.rest, "QUIT\r\n") << ending.name;
    EXPECT_EQ(got.fault, ending.fault) << ending.name;
  }
}

TEST(DotReader, RefusesABareNewlineAnywhere) {
  for (const char* bad : {"\n.\r\n", "a\nb\r\n.\r\n", "\na\r\n.\r\n", "a\r\n\n\r\n.\r\n", "a\r\n.b\n\r\n.\r\n"}) {
    const Read got = read_every_way(std::string(bad) + (std::string_view(bad) == "\n.\r\n" ? "\r\n.\r\n" : ""));
    EXPECT_TRUE(got.ended) << bad;
    EXPECT_EQ(got.fault, Fault::bare_lf) << bad;
  }
}

TEST(DotReader, RefusesABareCarriageReturnAnywhere) {
  for (const char* bad : {"a\rb\r\n.\r\n", "\r\r\n.\r\n", "a\r\r\n.\r\n", "\ra\r\n.\r\n", ".\rx\r\n.\r\n"}) {
    const Read got = read_every_way(bad);
    EXPECT_TRUE(got.ended) << bad;
    EXPECT_EQ(got.fault, Fault::bare_cr) << bad;
  }
}

TEST(DotReader, TakesLinesOf998OctetsAndNoLongerOnes) {
  const std::string longest(998, 'x');
  EXPECT_EQ(read(longest + "\r\n.\r\n", 2000, 2000).fault, Fault::none);
  EXPECT_EQ(read("." + longest + "\r\n.\r\n", 2000, 2000).fault, Fault::none) << "the stuffed dot does not count";
  EXPECT_EQ(read(longest + "x\r\n.\r\n", 2000, 2000).fault, Fault::long_line);
  EXPECT_EQ(read(longest + "x\r\n.\r\n", 1, 1).fault, Fault::long_line);
  EXPECT_EQ(read(longest + "\r\n" + longest + "\r\n.\r\n", 7, 7).fault, Fault::none);
}

TEST(DotReader, CountsTheMessageAsItIsUnstuffed) {
  EXPECT_EQ(read_every_way("12345678\r\n.\r\n", 10).message, "12345678\r\n");
  const Read got = read_every_way("123456789\r\n.\r\nQUIT", 10);
  EXPECT_EQ(got.fault, Fault::too_big);
  EXPECT_TRUE(got.ended);
  EXPECT_EQ(got.rest, "QUIT");
  EXPECT_EQ(read_every_way("..345678\r\n.\r\n", 9).message, ".345678\r\n");
}

TEST(DotReader, SaysThatABigMessageIsAlsoMalformed) {
  EXPECT_EQ(read_every_way("123456789012345\r\nx\ny\r\n.\r\n", 10).fault, Fault::bare_lf);
  EXPECT_EQ(read_every_way("123456789012345\r\nx\ry\r\n.\r\n", 10).fault, Fault::bare_cr);
}

TEST(DotReader, KeepsNothingOnceTold) {
  DotReader reader(100);
  std::string message;
  std::string_view input = "a\r\nb\r\n.\r\nQ";
  reader.discard();
  EXPECT_TRUE(reader.feed(input, message));
  EXPECT_EQ(message, "");
  EXPECT_EQ(input, "Q");
}

}  // namespace
}  // namespace zegel::smtp
