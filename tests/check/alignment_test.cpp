#include "check/alignment.h"

#include <gtest/gtest.h>

using namespace zegel::check;

namespace {

float cost(std::string_view given, std::string_view meant) { return misspelling_cost(given, meant, Weights{}, 9.0F); }

Kind first_kind(std::string_view given, std::string_view meant) {
  const auto differences = misspellings(given, meant, Weights{});
  return differences.empty() ? Kind::none : differences.front().kind;
}

TEST(Alignment, CostsNothingForTheSame) { EXPECT_EQ(cost("gmail", "gmail"), 0); }

TEST(Alignment, PricesEachMistakeByTheTable) {
  const Weights weights;
  EXPECT_FLOAT_EQ(cost("gmial", "gmail"), static_cast<float>(weights.swap));
  EXPECT_FLOAT_EQ(cost("outlok", "outlook"), static_cast<float>(weights.undoubled));
  EXPECT_FLOAT_EQ(cost("gmaill", "gmail"), static_cast<float>(weights.doubled));
  EXPECT_FLOAT_EQ(cost("utrect", "utrecht"), static_cast<float>(weights.missing));
  EXPECT_FLOAT_EQ(cost("gmsil", "gmail"), static_cast<float>(weights.neighbour));
  EXPECT_FLOAT_EQ(cost("goog1e", "google"), static_cast<float>(weights.look_alike));
  EXPECT_FLOAT_EQ(cost("rotterdarn", "rotterdam"), static_cast<float>(weights.same_skeleton));
  EXPECT_FLOAT_EQ(cost("gmeil", "gmail"), static_cast<float>(weights.vowel));
  EXPECT_FLOAT_EQ(cost("gmxil", "gmail"), static_cast<float>(weights.other));
}

TEST(Alignment, ChargesMoreForTheFirstLetter) {
  const Weights weights;
  EXPECT_FLOAT_EQ(cost("hmail", "gmail"), static_cast<float>(weights.neighbour + weights.first_letter));
}

TEST(Alignment, DoesNotSellAnotherLetterAsOneTooManyAndOneTooFew) {
  EXPECT_FLOAT_EQ(cost("knaw", "knab"), static_cast<float>(Weights{}.other));
}

TEST(Alignment, SaysWhatWasDone) {
  EXPECT_EQ(first_kind("gmial", "gmail"), Kind::swap);
  EXPECT_EQ(first_kind("utrect", "utrecht"), Kind::missing);
  EXPECT_EQ(first_kind("rotterdarn", "rotterdam"), Kind::look_alike);
  const auto differences = misspellings("gmial", "gmail", Weights{});
  ASSERT_EQ(differences.size(), 1U);
  EXPECT_EQ(differences[0].given, "ia");
  EXPECT_EQ(differences[0].meant, "ai");
}

TEST(Alignment, GivesUpOnWhatIsFarOrLong) {
  EXPECT_GE(misspelling_cost("bakker", "notarispostma", Weights{}, 2.0F), 2.0F);
  const std::string long_name(200, 'a');
  EXPECT_GE(misspelling_cost(long_name, long_name + "b", Weights{}, 2.0F), 2.0F);
}

}  // namespace
