#include "mail/survey.h"

#include <algorithm>
#include <random>

#include <gtest/gtest.h>

#include "mail/octets.h"

namespace zegel::mail {
namespace {

/// The same answers by the simplest means.
struct Plain {
  bool nul = false, eight_bit = false, clean = true;
  std::size_t first_long = std::string_view::npos;
  std::vector<std::size_t> dash_lines;
};

Plain plain_survey(std::string_view bytes, std::size_t longest) {
  Plain out;
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= bytes.size(); ++i) {
    if (i == bytes.size() || bytes[i] == '\n') {
      const std::size_t size = i - begin - (i < bytes.size() && i > begin && bytes[i - 1] == '\r' ? 1 : 0);
      if (size > longest && out.first_long == std::string_view::npos) out.first_long = begin;
      if (bytes.substr(begin).starts_with("--")) out.dash_lines.push_back(begin);
      begin = i + 1;
    }
    if (i == bytes.size()) break;
    out.nul |= bytes[i] == '\0';
    out.eight_bit |= static_cast<unsigned char>(bytes[i]) > 127;
    if (bytes[i] == '\n') out.clean &= i > 0 && bytes[i - 1] == '\r';
    if (bytes[i] == '\r') out.clean &= i + 1 < bytes.size() && bytes[i + 1] == '\n';
  }
  return out;
}

/// Random octets of a few kinds, so that line ends, dashes and offences fall on every place of a block.
std::string random_bytes(std::mt19937& random, std::size_t size, bool clean) {
  constexpr std::string_view kinds[] = {"\r\n", "--", "a", "Zz09+/", "=", "- ", "\r\n--"};
  constexpr std::string_view offences[] = {"\n", "\r", "\xe9"};
  std::string out;
  while (out.size() < size) {
    const bool offend = !clean && random() % 400 == 0;
    out += offend ? offences[random() % 3] : kinds[random() % 7];
    if (!clean && random() % 900 == 0) out += '\0';
    if (random() % 50 == 0) out += std::string(random() % 200, 'x');
  }
  return out;
}

TEST(Survey, SeesWhatAPlainLoopSees) {
  std::mt19937 random(5);
  for (int round = 0; round < 3000; ++round) {
    const std::string bytes = random_bytes(random, random() % 700, round % 2 == 0);
    constexpr std::size_t longest = 150;
    Survey survey(bytes, longest);
    const Plain plain = plain_survey(bytes, longest);
    ASSERT_EQ(survey.has_nul(), plain.nul);
    ASSERT_EQ(survey.has_8bit(), plain.eight_bit);
    ASSERT_EQ(survey.has_clean_line_ends(), plain.clean) << round;
    if (plain.clean) ASSERT_EQ(survey.first_long_line(), plain.first_long);
    std::vector<std::size_t> dash_lines;
    for (std::size_t at = survey.next_dash_line(0); at != std::string_view::npos; at = survey.next_dash_line(at + 1)) {
      dash_lines.push_back(at);
    }
    ASSERT_EQ(dash_lines, plain.dash_lines);
    for (const std::size_t at : {bytes.size(), bytes.size() / 2, bytes.size() / 3}) {
      ASSERT_EQ(survey.line_ends_before(at), std::ranges::count(std::string_view(bytes).substr(0, at), '\n'));
    }
  }
}

TEST(Survey, FindsDashLinesBeyondThoseThatItKeeps) {
  std::string bytes;
  for (int i = 0; i < 1'100'000; ++i) bytes += "--\r\n";
  bytes += "x\r\n-\r\n--y\r\n--";
  Survey survey(bytes, 998);
  std::size_t lines = 0;
  std::size_t last = 0;
  for (std::size_t at = survey.next_dash_line(0); at != std::string_view::npos; at = survey.next_dash_line(at + 1)) {
    ++lines;
    last = at;
  }
  EXPECT_EQ(lines, 1'100'002U);
  EXPECT_EQ(last, bytes.size() - 2);
  EXPECT_EQ(survey.next_dash_line(4'200'001), 4'200'004U);
  EXPECT_EQ(survey.next_dash_line(4), 4U);
}

TEST(Survey, KnowsBase64WhereverItBegins) {
  std::mt19937 random(6);
  std::string line;
  while (line.size() < 76) line += "AZaz09+/";
  line.resize(76);
  for (std::size_t lead = 0; lead < 130; ++lead) {
    std::string bytes(lead, '!');
    for (int i = 0; i < 60; ++i) bytes += line + "\r\n";
    bytes += "QQ==\r\n";
    EXPECT_TRUE(is_base64_body(bytes, {lead, bytes.size()}, Survey(bytes, 998)));
    EXPECT_EQ(is_base64_body(bytes, {lead > 0 ? lead - 1 : 0, bytes.size()}, Survey(bytes, 998)), lead == 0);
    std::string bad = bytes;
    bad[lead + random() % 60 * 78 + random() % 76] = '-';
    EXPECT_FALSE(is_base64_body(bad, {lead, bad.size()}, Survey(bad, 998)));
    const std::string cut = bytes.substr(0, bytes.size() - 9);
    EXPECT_FALSE(is_base64_body(cut, {lead, cut.size()}, Survey(cut, 998)));
  }
}

}  // namespace
}  // namespace zegel::mail
