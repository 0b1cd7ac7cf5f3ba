#include "receive/clamd.h"

#include <filesystem>

#include <gtest/gtest.h>
#include <unistd.h>

#include "cli/fake_clamd.h"

namespace zegel::receive {

namespace {

fake::Clamd::Answer always(const std::string& words) {
  return [words](const std::string&) { return words; };
}

TEST(Clamd, SaysNothingOfACleanMessageAndSeesAllOfIt) {
  std::string seen;
  const std::string message(1'000'003, 'x');
  {
    const fake::Clamd clamd([&](const std::string& octets) {
      seen = octets;
      return std::string("stream: OK");
    });
    const auto found = scan(clamd.address(), message);
    ASSERT_TRUE(found.has_value()) << found.error().why;
    EXPECT_EQ(*found, "");
  }
  EXPECT_EQ(seen, message);
}

TEST(Clamd, IsAskedOverAUnixSocketToo) {
  const std::string path = (std::filesystem::temp_directory_path() / ("clamd-" + std::to_string(getpid()))).string();
  const fake::Clamd clamd(always("stream: Win.Test.EICAR_HDB-1 FOUND"), path);
  EXPECT_EQ(scan(clamd.address(), "x").value(), "Win.Test.EICAR_HDB-1");
  EXPECT_TRUE(ping_clamd(clamd.address()).has_value());
  std::filesystem::remove(path);
}

TEST(Clamd, NamesAreMadeHarmless) {
  const fake::Clamd clamd(always("stream: A\r\nB {x} " + std::string(300, 'y') + " FOUND"));
  const std::string found = scan(clamd.address(), "x").value();
  EXPECT_EQ(found.substr(0, 10), "A??B??x??y");
  EXPECT_EQ(found.size(), 100);
}

TEST(Clamd, IsAwayWhenNobodyListens) {
  std::string address;
  { address = fake::Clamd(always("stream: OK")).address(); }
  const auto found = scan(address, "x");
  ASSERT_FALSE(found.has_value());
  EXPECT_NE(found.error().why.find(address), std::string::npos);
  EXPECT_FALSE(scan("/nowhere/clamd.ctl", "x").has_value());
  EXPECT_FALSE(ping_clamd(address).has_value());
}

TEST(Clamd, IsAwayWhenItSaysNothingInTime) {
  const fake::Clamd clamd(always(""));
  const auto begun = std::chrono::steady_clock::now();
  EXPECT_FALSE(scan(clamd.address(), "x", seconds(1)).has_value());
  EXPECT_LT(std::chrono::steady_clock::now() - begun, seconds(5));
}

TEST(Clamd, AnAnswerThatIsNeitherIsNeverTakenForClean) {
  for (const std::string words : {"INSTREAM size limit exceeded. ERROR", "stream: OK or not", "stream:  FOUND", "OK",
                                  "stream: Can't allocate memory ERROR"}) {
    const fake::Clamd clamd(always(words));
    EXPECT_FALSE(scan(clamd.address(), "x").has_value()) << words;
  }
}

TEST(Clamd, ThatHangsUpAmidTheMessageIsHeardOut) {
  const fake::Clamd clamd(always("INSTREAM size limit exceeded. ERROR"), {}, 1'000);
  const auto found = scan(clamd.address(), std::string(8 << 20, 'x'));
  ASSERT_FALSE(found.has_value());
}

}  // namespace

}  // namespace zegel::receive
