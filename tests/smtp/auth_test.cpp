#include "smtp/auth.h"

#include <gtest/gtest.h>

namespace zegel::smtp {
namespace {

// printf '\0piet\0geheim' | base64
constexpr std::string_view plain = "AHBpZXQAZ2VoZWlt";

TEST(Plain, GivesNameAndPassword) {
  const auto credentials = decode_plain(plain);
  ASSERT_TRUE(credentials);
  EXPECT_EQ(credentials->name, "piet");
  EXPECT_EQ(credentials->password.reveal(), "geheim");
}

TEST(Plain, AllowsOneToActForHimselfOnly) {
  EXPECT_TRUE(decode_plain("cGlldABwaWV0AGdlaGVpbQ=="));  // piet NUL piet NUL geheim
  EXPECT_FALSE(decode_plain("amFuAHBpZXQAZ2VoZWlt"));     // jan NUL piet NUL geheim
}

TEST(Plain, RefusesWhatIsMalformed) {
  for (const char* bad : {"", "=", "AAAA", "cGlldA==", "AHBpZXQ=", "AHBpZXQA", "AABnZWhlaW0=", "AHBpZXQAZ2VoZWlt\n",
                          "AHBpZXQAZ2VoZWltAA=="}) {
    EXPECT_FALSE(decode_plain(bad)) << bad;
  }
}

TEST(Login, RefusesEmptyNulAndOversize) {
  EXPECT_EQ(decode_login("cGlldA=="), "piet");
  EXPECT_FALSE(decode_login(""));
  EXPECT_FALSE(decode_login("AA=="));
  EXPECT_FALSE(decode_login(std::string(2000, 'A')));
}

}  // namespace
}  // namespace zegel::smtp
