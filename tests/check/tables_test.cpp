#include "check/tables.h"

#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "check/deletes.h"

namespace zegel::check {
namespace {

std::string without(std::string text, std::size_t at) { return text.erase(at, 1); }

TEST(HashesWithout, AreThoseOfTheTextThatIsLeft) {
  const std::string text = "notariaatdevries";
  const HashesWithout hashes(text);
  EXPECT_EQ(hashes.whole(), HashesWithout(text).whole());
  for (std::size_t i = 0; i < text.size(); ++i) {
    EXPECT_EQ(hashes.without(i), HashesWithout(without(text, i)).whole()) << i;
    for (std::size_t j = i + 1; j < text.size(); ++j) {
      EXPECT_EQ(hashes.without(i, j), HashesWithout(without(without(text, j), i)).whole()) << i << ' ' << j;
    }
  }
}

TEST(HashesWithout, DifferWhereTheTextsDo) {
  std::vector<std::uint64_t> all;
  for (const std::string text : {"", "a", "b", "aa", "ab", "ba", "aab", "aba", "baa", "abc", "acb", "bac"}) {
    all.push_back(HashesWithout(text).whole());
  }
  std::ranges::sort(all);
  EXPECT_EQ(std::ranges::adjacent_find(all), all.end());
}

TEST(EachDelete, GivesTwoNamesThatAreTwoEditsApartAHashInCommon) {
  const auto of = [](std::string_view name) {
    const DeleteHashes hashes(name, {.deletes = 2, .prefix = 12});
    return std::vector(hashes.all().begin(), hashes.all().end());
  };
  const auto met = [&](std::string_view a, std::string_view b) {
    const auto known = of(a);
    return std::ranges::any_of(of(b), [&](auto hash) { return std::ranges::find(known, hash) != known.end(); });
  };
  EXPECT_TRUE(met("bakker", "bakker"));
  EXPECT_TRUE(met("bakker", "bakekr"));
  EXPECT_TRUE(met("bakker", "bkkr"));
  EXPECT_TRUE(met("bakker", "baxxer"));
  EXPECT_FALSE(met("bakker", "slager"));
}

TEST(SievedTable, FindsAllThatWasPutInAndHardlyAnythingElse) {
  std::mt19937_64 random(7);
  std::vector<std::uint64_t> in(5'000);
  for (auto& hash : in) hash = random();
  SievedTable table;
  table.build([&](auto emit) {
    for (std::uint32_t i = 0; i < in.size(); ++i) emit(in[i], i);
  });
  std::vector<std::uint32_t> found;
  const auto use = [&](std::uint32_t number) { found.push_back(number); };
  for (std::size_t i = 0; i + 100 <= in.size(); i += 100) table.each_of<100>(std::span(in).subspan(i, 100), use);
  ASSERT_EQ(found.size(), in.size());
  for (std::uint32_t i = 0; i < found.size(); ++i) EXPECT_EQ(found[i], i);
  found.clear();
  std::vector<std::uint64_t> others(100'000);
  for (auto& hash : others) hash = random();
  for (std::size_t i = 0; i + 100 <= others.size(); i += 100)
    table.each_of<100>(std::span(others).subspan(i, 100), use);
  EXPECT_LT(found.size(), 10U);
}

TEST(SievedTable, OfNothingHasNothing) {
  SievedTable table;
  const std::uint64_t hash = 1;
  std::size_t found = 0;
  const auto count = [&](std::uint32_t) { ++found; };
  table.each_of<1>({&hash, 1}, count);
  table.build([](auto) {});
  table.each_of<1>({&hash, 1}, count);
  EXPECT_EQ(found, 0U);
}

TEST(Sieve, LetsFewThrough) {
  std::mt19937_64 random(11);
  Sieve sieve;
  std::vector<std::uint64_t> in(10'000);
  for (auto& hash : in) hash = random();
  sieve.build([&](auto emit) {
    for (const auto hash : in) emit(hash, 0);
  });
  EXPECT_TRUE(std::ranges::all_of(in, [&](auto hash) { return sieve.may_hold(hash); }));
  std::size_t passed = 0;
  for (int i = 0; i < 10'000; ++i) passed += sieve.may_hold(random()) ? 1U : 0U;
  EXPECT_LT(passed, 1'500U);
}

}  // namespace
}  // namespace zegel::check
