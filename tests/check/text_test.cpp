#include "core/text.h"

#include <gtest/gtest.h>

#include "known.h"

using namespace zegel;
using namespace zegel::check;

namespace {

const auto index = [] { return known({{"gmail.com", 4120}, {"jan@klant.nl", 3}}); };

TEST(JudgeText, TakesDomainsAndAddresses) {
  EXPECT_EQ(index()->judge_text("gmail.com").standing, Standing::known);
  EXPECT_EQ(index()->judge_text(" GMAIL.COM. \r").standing, Standing::known);
  EXPECT_EQ(index()->judge_text("jan@klant.nl").standing, Standing::known);
  EXPECT_EQ(index()->judge_text("jan@gmial.com").suggestion, "jan@gmail.com");
}

TEST(JudgeText, MendsWhatFingersDo) {
  for (const std::string_view line :
       {"gmail,com", "gmail..com", ".gmail.com", "_gmail.com", "gmail;com", "gm_ail.com", "gmail.com,"}) {
    const auto verdict = index()->judge_text(line);
    EXPECT_EQ(to_text(verdict.standing), "near-miss") << line;
    EXPECT_EQ(verdict.suggestion, "gmail.com") << line;
  }
  EXPECT_EQ(index()->judge_text("jan@klant,nl").suggestion, "jan@klant.nl");
}

TEST(JudgeText, AnswersAnything) {
  const std::string long_line(1 << 20, 'a');
  for (const std::string& line :
       {std::string(), std::string("@"), std::string("a@"), std::string("@a.nl"), std::string("\xFF\xFE.nl"),
        std::string("a\0b.nl", 6), long_line, long_line + "@x.nl", std::string("xn--.nl"),
        std::string("xn--a.xn--b.xn--c"), std::string("....."), std::string("\"a b@x.nl"), std::string("a\tb.nl")}) {
    const auto verdict = index()->judge_text(line);
    EXPECT_EQ(to_text(verdict.standing), "unknown") << line.substr(0, 40);
    const auto words = explain(verdict, Language::nl);
    EXPECT_FALSE(words.empty());
    EXPECT_LT(words.size(), 400U);
    EXPECT_TRUE(text::is_utf8(words));
    EXPECT_EQ(words.find_first_of("\t\r\n"), std::string::npos);
  }
}

}  // namespace
