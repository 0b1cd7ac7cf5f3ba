#include "seal/passphrase.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "core/text.h"
#include "seal/words.h"

namespace zegel::seal {
namespace {

class EachLanguage : public testing::TestWithParam<Language> {};
INSTANTIATE_TEST_SUITE_P(Languages, EachLanguage, testing::Values(Language::nl, Language::en, Language::de));

TEST_P(EachLanguage, HasDistinctWordsOfSmallLetters) {
  const WordList& list = words_of(GetParam());
  EXPECT_EQ(std::set(list.begin(), list.end()).size(), 7'776);
  EXPECT_TRUE(std::ranges::is_sorted(list));
  for (const auto word : list) {
    EXPECT_TRUE(word.size() >= 3 && word.size() <= 9) << word;
    EXPECT_EQ(word.find_first_not_of("abcdefghijklmnopqrstuvwxyz"), std::string_view::npos) << word;
  }
}

TEST_P(EachLanguage, JoinsTheWordsAskedForWithHyphens) {
  const Secret phrase = new_passphrase(GetParam(), 6);
  const auto words = text::split(phrase.reveal(), '-');
  EXPECT_EQ(words.size(), 6);
  for (const auto word : words) EXPECT_TRUE(std::ranges::binary_search(words_of(GetParam()), word)) << word;
}

TEST_P(EachLanguage, MakesPassphrasesThatPassOurOwnDemand) {
  for (int i = 0; i < 500; ++i) {
    const Secret phrase = new_passphrase(GetParam(), 6);
    EXPECT_TRUE(strong_enough(phrase.reveal())) << phrase.reveal();
  }
}

TEST(Passphrase, DrawsEveryWordAlikeAndNeverRepeatsAPhrase) {
  constexpr int phrases = 100'000;
  constexpr int words = 6;
  std::set<std::string> seen;
  std::map<std::string, int, std::less<>> count;
  for (int i = 0; i < phrases; ++i) {
    const Secret phrase = new_passphrase(Language::nl, words);
    EXPECT_TRUE(seen.emplace(phrase.reveal()).second) << "drawn twice";
    for (const auto word : text::split(phrase.reveal(), '-')) ++count[std::string(word)];
  }
  const double expected = 1.0 * phrases * words / word_count;
  double chi_square = 0;
  for (const auto word : words_of(Language::nl)) {
    const double off = count[std::string(word)] - expected;
    chi_square += off * off / expected;
  }
  // 7,775 degrees of freedom: mean 7,775, standard deviation 124.7. Six of them: once in a thousand million runs.
  EXPECT_NEAR(chi_square, 7'775, 6 * 124.7);
}

TEST(Strength, RefusesWhatPeopleChoose) {
  for (const auto* password :
       {"", "welkom", "Welkom2024!", "W3lk0m2024!", "Zomer2026", "geheim123", "1234567890123456",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "abcdefghijklmnopqrstuvwxyz", "kantoor-jansen-2026",
        "P@ssw0rdP@ssw0rdP@ssw0rd", "bakkerbakkerbakkerbakkerbakkerbakker", "0206123456", "paard-kat-hond-vis"}) {
    const auto verdict = strong_enough(password);
    ASSERT_FALSE(verdict) << password;
    EXPECT_TRUE(verdict.error().why.contains("bits")) << verdict.error().why;
    EXPECT_TRUE(std::string_view(password).empty() || !verdict.error().why.contains(password)) << "never shown again";
  }
}

TEST(Strength, TakesWhatChanceChose) {
  for (const auto* password :
       {"bakker-olifant-gordijn-lepel-kasteel-wolken", "x7Q!mB2#vR9kTw", "kX4vT9wLq2ZbN7", "7f3a91c0e5d8b246kq"}) {
    const auto verdict = strong_enough(password);
    EXPECT_TRUE(verdict) << password << ": " << verdict.error().why;
  }
}

TEST(Strength, RefusesWhatZipProgramsDisagreeAbout) {
  EXPECT_TRUE(strong_enough("bakker-olifant-gordijn-l\xC3\xA9pel-kasteel-wolken").error().why.contains("ASCII"));
  EXPECT_TRUE(strong_enough("bakker-olifant-gordijn-lepel-kasteel\twolken").error().why.contains("ASCII"));
  std::string longer;
  while (longer.size() < 100) longer += new_passphrase(Language::en, 6).reveal();
  EXPECT_TRUE(strong_enough(longer).error().why.contains("99"));
}

}  // namespace
}  // namespace zegel::seal
