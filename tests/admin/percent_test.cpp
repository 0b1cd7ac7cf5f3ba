#include "admin/percent.h"

#include <gtest/gtest.h>

namespace zegel::admin {
namespace {

TEST(Percent, KeepsWhatIsUnreservedAndEncodesTheRest) {
  EXPECT_EQ(percent_encode("<a/b@x.nl>"), "%3Ca%2Fb%40x.nl%3E");
  EXPECT_EQ(percent_decode("%3Ca%2Fb%40x.nl%3E"), "<a/b@x.nl>");
}

TEST(Percent, LeavesWhatIsMalformedAsItIs) {
  for (const char* odd : {"%", "%4", "%zz", "a%", "100%25%"}) EXPECT_NO_THROW((void)percent_decode(odd));
  EXPECT_EQ(percent_decode("%zz"), "%zz");
  EXPECT_EQ(percent_decode("50%"), "50%");
}

TEST(Percent, EveryOctetComesBack) {
  std::string all;
  for (int i = 0; i < 256; ++i) all += static_cast<char>(i);
  EXPECT_EQ(percent_decode(percent_encode(all)), all);
}

}  // namespace
}  // namespace zegel::admin
