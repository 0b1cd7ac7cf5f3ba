#include "check/allowlist.h"

#include <gtest/gtest.h>

using namespace zegel::check;

namespace {

TEST(Allowlist, TakesDomainsAddressesAndSubdomains) {
  const auto list =
      parse_allowlist("\xEF\xBB\xBF# ours\r\nKlant.nl\r\n  Jan@Klant2.nl # Jan\n\n.scholen.nl\nmünchen.de");
  ASSERT_TRUE(list.problems.empty()) << list.problems[0].what;
  ASSERT_EQ(list.lines.size(), 4U);
  EXPECT_EQ(list.lines[0].entry.text, "klant.nl");
  EXPECT_EQ(list.lines[1].entry.text, "jan@klant2.nl");
  EXPECT_EQ(list.lines[1].entry.what, Entry::What::address);
  EXPECT_EQ(list.lines[1].line, 3U);
  EXPECT_EQ(list.lines[1].column, 3U);
  EXPECT_EQ(list.lines[2].entry.text, ".scholen.nl");
  EXPECT_EQ(list.lines[2].entry.what, Entry::What::subdomains);
  EXPECT_EQ(list.lines[3].entry.text, "xn--mnchen-3ya.de");
}

TEST(Allowlist, NamesThePlaceAndTheRemedy) {
  const auto list = parse_allowlist(
      "klant.nl\n *@ander.nl\nhttps://site.nl/x\nklant..nl\nlocalhost\n.nl\nco.uk\nKLANT.NL\njan@klant.nl\n");
  EXPECT_FALSE(list.usable());
  ASSERT_EQ(list.problems.size(), 8U);
  EXPECT_EQ(list.problems[0].line, 2U);
  EXPECT_EQ(list.problems[0].column, 2U);
  EXPECT_EQ(list.problems[0].mend, "write ander.nl");
  EXPECT_EQ(list.problems[1].mend, "write site.nl");
  EXPECT_TRUE(list.problems[2].what.contains("empty label")) << list.problems[2].what;
  EXPECT_TRUE(list.problems[3].what.contains("no dot"));
  EXPECT_TRUE(list.problems[4].grave);
  EXPECT_TRUE(list.problems[5].what.contains("every domain"));
  EXPECT_FALSE(list.problems[6].grave);  // twice
  EXPECT_FALSE(list.problems[7].grave);  // covered
  EXPECT_EQ(list.lines.size(), 2U);
}

TEST(Allowlist, BoundsWhatItTellsAndTakes) {
  const auto huge = parse_allowlist(std::string(10'000'000, 'a') + "\nklant.nl\n\xFF\xFE\n");
  ASSERT_EQ(huge.problems.size(), 2U);
  EXPECT_LT(huge.problems[0].what.size(), 200U);
  EXPECT_TRUE(huge.problems[1].what.contains("UTF-8"));
  EXPECT_EQ(huge.lines.size(), 1U);

  std::string many;
  for (int i = 0; i < 1'000; ++i) many += "?\n";
  const auto list = parse_allowlist(many);
  EXPECT_EQ(list.problems.size(), 100U);
  EXPECT_TRUE(list.problems.back().what.contains("901")) << list.problems.back().what;
}

TEST(Allowlist, TakesOneEntryAlone) {
  EXPECT_EQ(parse_entry(" Klant.NL ")->text, "klant.nl");
  ASSERT_FALSE(parse_entry("com"));
  EXPECT_FALSE(parse_entry("").has_value());
}

}  // namespace
