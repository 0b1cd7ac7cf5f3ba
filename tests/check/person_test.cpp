#include <gtest/gtest.h>

#include "known.h"
#include "mail/mailbox.h"

using namespace zegel;
using namespace zegel::check;

namespace {

class People : public ::testing::Test {
 protected:
  [[nodiscard]] Verdict judge(std::string_view address) const {
    return index->judge(mail::parse_mailbox(address).value());
  }
  void expect_near(std::string_view address, std::string_view suggestion) const {
    const auto verdict = judge(address);
    EXPECT_EQ(to_text(verdict.standing), "near-miss") << address;
    EXPECT_EQ(verdict.suggestion, suggestion) << address;
    EXPECT_TRUE(verdict.about_person) << address;
    EXPECT_EQ(verdict.kind, Kind::person) << address;
  }
  void expect(std::string_view address, Standing standing) const {
    EXPECT_EQ(to_text(judge(address).standing), to_text(standing)) << address << " → " << judge(address).suggestion;
  }

  std::shared_ptr<const Index> index = known({{"jan.jansen@klant.nl", 12},
                                              {"p.devries@klant.nl", 3},
                                              {"m.vandenberg@klant.nl", 3},
                                              {"emma.visser85@klant.nl", 3},
                                              {"bvanleeuwen@klant.nl", 9},
                                              {"balie1@klant.nl", 9},
                                              {"debiteuren@klant.nl", 9},
                                              {"info@open.nl", 2},
                                              {"open.nl", 0},
                                              {"piet@anders.nl", 2}});
};

TEST_F(People, KnowsWhoMailWentTo) {
  expect("jan.jansen@klant.nl", Standing::known);
  expect("Jan.Jansen@KLANT.nl", Standing::known);
  expect("jan.jansen+bestelling@klant.nl", Standing::known);
}

TEST_F(People, FindsSlips) {
  expect_near("jan.jasnen@klant.nl", "jan.jansen@klant.nl");
  expect_near("jan.janssen@klant.nl", "jan.jansen@klant.nl");
  expect_near("m.vandenbrg@klant.nl", "m.vandenberg@klant.nl");
}

TEST_F(People, FindsOtherWaysToWriteAName) {
  expect_near("janjansen@klant.nl", "jan.jansen@klant.nl");
  expect_near("jansen.jan@klant.nl", "jan.jansen@klant.nl");
  expect_near("j.jansen@klant.nl", "jan.jansen@klant.nl");
  expect_near("m.van.den.berg@klant.nl", "m.vandenberg@klant.nl");
  expect_near("m.berg@klant.nl", "m.vandenberg@klant.nl");
  expect_near("b.vanleeuwen@klant.nl", "bvanleeuwen@klant.nl");
}

TEST_F(People, TakesOthersForOthers) {
  for (const std::string_view address :
       {"piet.jansen@klant.nl", "jaap.jansen@klant.nl", "k.devries@klant.nl", "cvanleeuwen@klant.nl",
        "emma.visser86@klant.nl", "emma.visser@klant.nl", "balie2@klant.nl", "crediteuren@klant.nl",
        "jan.pietersen@klant.nl", "jan.jansen@anders.nl"}) {
    const auto verdict = judge(address);
    EXPECT_NE(to_text(verdict.standing), "near-miss") << address << " → " << verdict.suggestion;
  }
}

TEST_F(People, AreUnknownWhereOnlyOthersAreKnown) { expect("kees@klant.nl", Standing::unknown); }

TEST_F(People, AreKnownWhereTheDomainIsAnEntry) { expect("kees@open.nl", Standing::known); }

TEST_F(People, SpeakForADomain) {
  const auto verdict = judge("piet@andres.nl");
  EXPECT_EQ(verdict.suggestion, "piet@anders.nl");
  EXPECT_FALSE(verdict.about_person);
}

TEST_F(People, MayHaveNamesBeyondAscii) {
  expect("žofie@klant.nl", Standing::unknown);
  expect("\"a b\"@klant.nl", Standing::unknown);
}

}  // namespace
