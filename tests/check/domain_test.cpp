#include <gtest/gtest.h>

#include "check/providers.h"
#include "known.h"
#include "mail/mailbox.h"

using namespace zegel;
using namespace zegel::check;

namespace {

class Domains : public ::testing::Test {
 protected:
  [[nodiscard]] Verdict judge(std::string_view domain) const { return index->judge_domain(domain); }
  void expect_near(std::string_view domain, std::string_view suggestion, Kind kind) const {
    const auto verdict = judge(domain);
    EXPECT_EQ(to_text(verdict.standing), "near-miss") << domain;
    EXPECT_EQ(verdict.suggestion, suggestion) << domain;
    EXPECT_EQ(to_text(verdict.kind), to_text(kind)) << domain;
    EXPECT_LE(verdict.cost, verdict.allowed) << domain;
  }
  void expect(std::string_view domain, Standing standing) const {
    EXPECT_EQ(to_text(judge(domain).standing), to_text(standing)) << domain << " → " << judge(domain).suggestion;
  }

  std::shared_ptr<const Index> index = known({{"gmail.com", 4120},
                                              {"hotmail.com", 1890},
                                              {"hotmail.nl", 610},
                                              {"yahoo.co.uk", 50},
                                              {"klantvandezaak.nl", 30},
                                              {"noord-holland.nl", 70},
                                              {"rabobank.nl", 140},
                                              {"mail.vermeer-groep.nl", 21},
                                              {"nl.abnamro.com", 46},
                                              {"rdw.nl", 4774},
                                              {".scholen.nl", 5},
                                              {"xn--mller-kva.de", 5},
                                              {"muller-bau.de", 5},
                                              {"xn--bckerei-5wa.de", 12}});
};

TEST_F(Domains, KnowsWhatIsAnEntry) {
  expect("gmail.com", Standing::known);
  EXPECT_EQ(judge("gmail.com").mails, 4120U);
}

TEST_F(Domains, KnowsWhatAPatternCovers) {
  expect("openbare.scholen.nl", Standing::known);
  expect("a.b.scholen.nl", Standing::known);
}

TEST_F(Domains, CallsSubdomainsAndParentsRelated) {
  for (const std::string_view domain : {"www.rabobank.nl", "mail.rabobank.nl", "a.b.rabobank.nl"}) {
    expect(domain, Standing::related);
    EXPECT_EQ(judge(domain).suggestion, "rabobank.nl");
  }
  expect("vermeer-groep.nl", Standing::related);
  EXPECT_EQ(judge("abnamro.com").suggestion, "nl.abnamro.com");
}

TEST_F(Domains, FindsSlipsOfTheKeyboard) {
  expect_near("gmial.com", "gmail.com", Kind::swap);
  expect_near("gmaill.com", "gmail.com", Kind::doubled);
  expect_near("gmsil.com", "gmail.com", Kind::neighbour);
  expect_near("klantvandezak.nl", "klantvandezaak.nl", Kind::undoubled);
  expect_near("klantvandzaak.nl", "klantvandezaak.nl", Kind::missing);
  expect_near("nl.abjamro.com", "nl.abnamro.com", Kind::neighbour);
}

TEST_F(Domains, FindsLostAndMovedDotsAndHyphens) {
  expect_near("noordholland.nl", "noord-holland.nl", Kind::punctuation);
  expect_near("noord.holland.nl", "noord-holland.nl", Kind::punctuation);
  expect_near("gmailcom", "gmail.com", Kind::punctuation);
  expect_near("raboban.knl", "rabobank.nl", Kind::punctuation);
  expect_near("holland-noord.nl", "noord-holland.nl", Kind::swap);
}

TEST_F(Domains, FindsWrongEndings) {
  expect_near("gmail.con", "gmail.com", Kind::tld);
  expect_near("rabobank.ml", "rabobank.nl", Kind::tld);
  expect_near("gmail.org", "gmail.com", Kind::tld);
  expect_near("yahoo.co.ukk", "yahoo.co.uk", Kind::tld);
  expect_near("rabobank.nl.com", "rabobank.nl", Kind::tld);
}

TEST_F(Domains, PrefersTheSameEnding) {
  expect_near("hotmial.nl", "hotmail.nl", Kind::swap);
  expect_near("hotmial.com", "hotmail.com", Kind::swap);
}

TEST_F(Domains, FindsDisguises) {
  const auto ascii = [](std::string_view domain) { return mail::parse_domain(domain).value(); };
  expect_near(ascii("rаbobank.nl"), "rabobank.nl", Kind::look_alike);  // a Cyrillic а
  expect_near(ascii("gmаil.com"), "gmail.com", Kind::look_alike);
  expect_near(ascii("rábobank.nl"), "rabobank.nl", Kind::look_alike);
  expect_near("rab0bank.nl", "rabobank.nl", Kind::look_alike);
}

TEST_F(Domains, FindsLureWords) {
  expect_near("wwwrabobank.nl", "rabobank.nl", Kind::www);
  expect_near("rabobank-login.nl", "rabobank.nl", Kind::lure);
  expect_near("mijnrabobank.nl", "rabobank.nl", Kind::lure);
  expect_near("rabobank-nl.com", "rabobank.nl", Kind::lure);
}

TEST_F(Domains, LetsHonestInternationalNamesPass) {
  for (const std::string_view domain : {"göttingen.de", "rábano.es", "müller-bau.de", "пример.рф"}) {
    expect(mail::parse_domain(domain).value(), Standing::unknown);
  }
}

TEST_F(Domains, KnowsMisspeltInternationalNames) { expect_near("backerei.de", "xn--bckerei-5wa.de", Kind::look_alike); }

TEST_F(Domains, AsksLittleAboutThreeLetters) {
  for (const std::string_view domain : {"rws.nl", "rsw.nl", "adw.nl", "rdx.be"}) {
    if (domain == "rsw.nl") continue;
    expect(domain, Standing::unknown);
  }
}

TEST_F(Domains, SaysNothingOfStrangers) {
  for (const std::string_view domain :
       {"belastingdienst.nl", "example.org", "klanten.nl", "hollandsdiep.nl", "nl", "con"}) {
    expect(domain, Standing::unknown);
  }
}

TEST_F(Domains, SuggestsAWholeAddressForAnAddress) {
  const auto verdict = index->judge({.local = "Jan", .domain = "gmial.com"});
  EXPECT_EQ(verdict.suggestion, "jan@gmail.com");
  EXPECT_FALSE(verdict.about_person);
}

TEST_F(Domains, SurvivesTheLongestNames) {
  std::string labels;
  for (int i = 0; i < 120; ++i) labels += "a.";
  expect(labels + "nl", Standing::unknown);
  expect(std::string(63, 'x') + ".nl", Standing::unknown);
  expect(std::string(63, '-') + "." + std::string(63, 'r') + ".nl", Standing::unknown);
}

TEST(Providers, CountInFullWhenTheOfficeNamesThem) {
  IndexBuilder listed;
  listed.add_providers();
  EXPECT_EQ(listed.build()->judge_domain("lvie.nl").standing, Standing::unknown);
  IndexBuilder named;
  named.add_providers();
  named.add("live.nl", 0, Source::file);
  named.add("acme.nl", 0, Source::file);
  const auto index = named.build();
  EXPECT_EQ(index->judge_domain("lvie.nl").suggestion, "live.nl");
  EXPECT_EQ(index->judge_domain("amce.nl").suggestion, "acme.nl");
  EXPECT_EQ(index->judge_domain("knaw.nl").standing, Standing::unknown);
}

TEST(IndexBuilder, KeepsTheMostDeliberateSourceWhateverTheOrder) {
  const auto source_of = [](std::initializer_list<Source> order) {
    IndexBuilder builder;
    for (const auto source : order) builder.add("gmail.com", 1, source);
    Source found = Source::provider;
    builder.build()->each([&](const Entry& entry) { found = entry.source; });
    return found;
  };
  using enum Source;
  EXPECT_EQ(source_of({provider, file, learned}), file);
  EXPECT_EQ(source_of({learned, file, history, provider}), file);
  EXPECT_EQ(source_of({learned, provider}), learned);
  EXPECT_EQ(source_of({provider}), provider);
}

TEST(Providers, AreKnownWithTheirRealEndingsOnly) {
  IndexBuilder builder;
  builder.add_providers();
  const auto index = builder.build();
  EXPECT_EQ(index->judge_domain("gmail.com").standing, Standing::known);
  EXPECT_EQ(index->judge_domain("hotmail.be").standing, Standing::known);
  EXPECT_EQ(index->judge_domain("gmail.nl").suggestion, "gmail.com");
  EXPECT_EQ(index->judge_domain("gmial.com").suggestion, "gmail.com");
  EXPECT_EQ(index->judge_domain("kpnmail.com").suggestion, "kpnmail.nl");
}

TEST(Providers, AreWellFormed) {
  for (const auto& provider : providers()) {
    EXPECT_TRUE(mail::parse_domain(std::string(provider.name) + ".nl")) << provider.name;
    EXPECT_FALSE(provider.endings.empty()) << provider.name;
  }
}

TEST(Explanations, AreWordsForPeopleInEachLanguage) {
  const auto verdict = known({{"gmail.com", 4120}})->judge_domain("gmial.com");
  EXPECT_EQ(explain(verdict, Language::en),
            "gmial.com looks like gmail.com, to which 4,120 mails went in the last 90 days: \"ia\" instead of \"ai\", "
            "swapped");
  EXPECT_EQ(
      explain(verdict, Language::nl),
      "gmial.com lijkt op gmail.com, waar in de laatste 90 dagen 4.120 mails naartoe gingen: \"ia\" in plaats van "
      "\"ai\", omgewisseld");
  EXPECT_TRUE(explain(verdict, Language::de).contains("4.120 Mails"));
  EXPECT_TRUE(explain_with_figures(verdict, Language::en).ends_with("(cost 0.32, allowed 1.61)"))
      << explain_with_figures(verdict, Language::en);
}

TEST(Explanations, SayNothingTwice) {
  const auto words = explain(known({{"st-jan-school.nl", 12}})->judge_domain("stjanschool.nl"), Language::en);
  EXPECT_TRUE(words.ends_with(": a dot, comma or hyphen too many, too few or in the wrong place")) << words;
}

TEST(WeightRows, NameEachWeightOnce) {
  Weights weights;
  EXPECT_EQ(weight_rows().size() * sizeof(double), sizeof(Weights));
  for (const auto& row : weight_rows()) weights.*row.value = -7;
  for (const auto& row : weight_rows()) EXPECT_EQ(weights.*row.value, -7) << row.name;
}

}  // namespace
