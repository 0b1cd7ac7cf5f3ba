// The labelled sets beside the source tree, if they are there: whether the check keeps what it promises.
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>

#include <gtest/gtest.h>

#include "check/history.h"
#include "check/index.h"
#include "core/text.h"

using namespace zegel;
using namespace zegel::check;

namespace {

using Row = std::map<std::string, std::string, std::less<>>;
const std::filesystem::path folder = std::filesystem::path(ZEGEL_SOURCE_DIR) / "../shared/typo";

std::filesystem::path file(const std::string& name) {
  const auto whole = folder / (name + ".tsv");
  return std::filesystem::exists(whole) ? whole : folder / (name + ".dev.tsv");
}

std::string contents(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<Row> rows(const std::string& name) {
  std::vector<Row> all;
  const std::string text = contents(file(name));
  std::vector<std::string_view> head;
  for (const auto line : text::split(text, '\n')) {
    if (line.empty()) continue;
    const auto fields = text::split(line, '\t');
    if (head.empty()) {
      head = fields;
      continue;
    }
    Row row;
    for (std::size_t i = 0; i < std::min(head.size(), fields.size()); ++i) row.emplace(head[i], fields[i]);
    all.push_back(std::move(row));
  }
  return all;
}

std::shared_ptr<const Index> learned(const std::string& name) {
  const auto history = parse_history(contents(file(name)), {.now = now()});
  IndexBuilder builder;
  builder.add_providers();
  for (const auto& recipient : history.value().recipients) builder.add(entry_of(recipient));
  return builder.build();
}

/// Hits of how many, in percent.
struct Share {
  double hits = 0, all = 0;
  void count(bool hit, double weight = 1) {
    all += weight;
    if (hit) hits += weight;
  }
  [[nodiscard]] double percent() const { return all > 0 ? 100 * hits / all : 0; }
};

bool is_among(std::string_view suggestion, const Row& row) {
  if (suggestion == row.at("intended")) return true;
  const auto others = row.find("alternatives");
  if (others == row.end()) return false;
  for (const auto other : text::split(others->second, '|')) {
    if (!other.empty() && other == suggestion) return true;
  }
  return false;
}

class LabelledSets : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(folder)) GTEST_SKIP() << "no labelled sets in " << folder;
  }
  /// Right and wrong suggestions.
  std::pair<Share, Share> recall(const Index& index, const std::vector<Row>& cases) {
    Share right, wrong;
    for (const auto& row : cases) {
      const auto verdict = index.judge_text(row.at("typo"));
      const bool near = verdict.standing == Standing::near_miss;
      right.count(near && is_among(verdict.suggestion, row));
      wrong.count(near && !is_among(verdict.suggestion, row));
    }
    return {right, wrong};
  }
  template <class Keep>
  static std::vector<Row> only(std::vector<Row> all, Keep keep) {
    std::erase_if(all, [&](const Row& row) { return !keep(row); });
    return all;
  }
  static bool is_near(const Index& index, std::string_view text) {
    return index.judge_text(text).standing == Standing::near_miss;
  }
};

TEST_F(LabelledSets, FindTheDomainsThatWereMeant) {
  const auto index = learned("allowlist");
  const auto [right, wrong] =
      recall(*index, only(rows("a_real_typos"), [](auto& row) { return row.at("class") == "clean"; }));
  EXPECT_GE(right.percent(), 95);
  EXPECT_LE(wrong.percent(), 1);
  const auto made = rows("b_generated");
  const auto typos =
      only(made, [](auto& row) { return row.at("kind") == "typo" && row.at("equally_near_allowed").empty(); });
  const auto length = [](const Row& row) { return std::stoi(row.at("label_len")); };
  EXPECT_GE(recall(*index, only(typos, [&](auto& row) { return length(row) >= 6; })).first.percent(), 97);
  EXPECT_GE(
      recall(*index, only(typos, [&](auto& row) { return length(row) == 4 || length(row) == 5; })).first.percent(), 85);
  EXPECT_GE(recall(*index, only(made, [](auto& row) { return row.at("kind") == "squat"; })).first.percent(), 80);
  for (const auto& row : only(made, [](auto& row) { return row.at("kind") == "related"; })) {
    const auto verdict = index->judge_text(row.at("typo"));
    EXPECT_EQ(verdict.standing, Standing::related) << row.at("typo");
    EXPECT_EQ(verdict.suggestion, row.at("intended"));
  }
}

TEST_F(LabelledSets, LeaveRealDomainsAlone) {
  const auto index = learned("allowlist");
  for (const auto& row : rows("c_known"))
    EXPECT_EQ(index->judge_text(row.at("domain")).standing, Standing::known) << row.at("domain");
  Share nl, all, near1, international;
  for (const auto& row : rows("c_negatives")) {
    const bool flagged = is_near(*index, row.at("domain"));
    const auto& weight_text = row.at("pool_weight");
    const double weight = weight_text.empty() ? 0 : std::stod(weight_text);
    if (row.at("kind") == "mined-near1") near1.count(flagged);
    if (row.at("kind") == "idn-legit") international.count(flagged);
    if (weight == 0 || row.at("kind") == "tld-variant") continue;
    all.count(flagged, weight);
    if (row.at("stratum") == "nl") nl.count(flagged, weight);
  }
  EXPECT_LE(nl.percent(), 0.35);
  EXPECT_LE(all.percent(), 0.10);
  EXPECT_LE(near1.percent(), 25);
  EXPECT_EQ(international.percent(), 0);
}

TEST_F(LabelledSets, HoldWithSixThousandKnownDomains) {
  const auto index = learned("f_scale_allowlist");
  EXPECT_GE(recall(*index, rows("f_scale_typos")).first.percent(), 94);
  Share other;
  for (const auto& row : rows("f_scale_negatives")) {
    if (row.at("stratum") == "nl-other") other.count(is_near(*index, row.at("domain")));
  }
  EXPECT_LE(other.percent(), 2.5);
}

TEST_F(LabelledSets, FindThePeopleWhoWereMeant) {
  const auto index = learned("d_known_recipients");
  Share right, wrong;
  for (const auto& row : rows("d_localpart")) {
    const auto verdict = index->judge_text(row.at("address"));
    const bool near = verdict.standing == Standing::near_miss;
    if (row.at("expected") == "near-miss") right.count(near && verdict.suggestion == row.at("suggestion_or_nearest"));
    if (row.at("expected") == "unknown-plausible") wrong.count(near);
    if (row.at("expected") == "known") EXPECT_EQ(verdict.standing, Standing::known) << row.at("address");
  }
  EXPECT_GE(right.percent(), 93);
  EXPECT_LE(wrong.percent(), 5);
}

}  // namespace
