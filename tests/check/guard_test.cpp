#include "check/guard.h"

#include <gtest/gtest.h>

using namespace zegel;
using namespace zegel::check;

namespace {

std::vector<mail::Mailbox> people(int count, int domains) {
  std::vector<mail::Mailbox> all;
  for (int i = 0; i < count; ++i)
    all.push_back({"p" + std::to_string(i), "klant" + std::to_string(i % domains) + ".nl"});
  return all;
}

const std::vector<std::string> own = {"kantoor.nl"};

TEST(VisibleRecipients, CountsPeopleAndOrganisationsOutside) {
  auto shown = people(6, 3);
  shown.push_back({"P0", "klant0.nl"});          // again
  shown.push_back({"x", "mail.klant0.nl"});      // the same organisation
  shown.push_back({"piet", "kantoor.nl"});       // us
  shown.push_back({"piet", "mail.kantoor.nl"});  // us
  shown.push_back({"piet", "nietkantoor.nl"});   // not us
  const Visible visible = count_visible(shown, own);
  EXPECT_EQ(visible.recipients, 8U);
  EXPECT_EQ(visible.domains, 4U);
}

TEST(VisibleRecipients, ShouldBeBccWhenManyOfManyOrganisations) {
  EXPECT_TRUE(should_be_bcc(count_visible(people(21, 4), own), 20));
  EXPECT_FALSE(should_be_bcc(count_visible(people(20, 4), own), 20));
  EXPECT_FALSE(should_be_bcc(count_visible(people(90, 3), own), 20));
}

TEST(VisibleRecipients, AreExplainedInAscii) {
  for (const auto language : {Language::nl, Language::en, Language::de}) {
    const auto words = explain(Visible{34, 12}, language);
    EXPECT_TRUE(words.contains("34") && words.contains("12") && words.contains("Bcc"));
    for (const char c : words) EXPECT_TRUE(c >= 0x20 && c < 0x7F);
  }
}

}  // namespace
