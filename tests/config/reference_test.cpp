#include "config/reference.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <regex>

#include <gtest/gtest.h>

#include "config/keys.h"
#include "config/load.h"

// With ZEGEL_UPDATE set in the environment, the files that are compared here are written anew.
namespace zegel::config {
namespace {

const std::string root = ZEGEL_SOURCE_DIR "/";

std::string read(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void compare_or_update(const std::string& path, const std::string& wanted) {
  if (std::getenv("ZEGEL_UPDATE") != nullptr) std::ofstream(path, std::ios::binary) << wanted;
  EXPECT_EQ(read(path), wanted) << "write it anew with: ZEGEL_UPDATE=1 ctest -R Sample";
}

std::string why_not(const std::string& toml) {
  const auto settings = parse(toml, "zegel.toml", "/");
  std::string text;
  if (!settings) {
    for (const Problem& problem : settings.error()) text += problem.text() + "\n";
  }
  return text;
}

/// Every `#key = value` and `#[[rule]]` line with its # taken off.
std::string uncommented(const std::string& toml) {
  return std::regex_replace(toml, std::regex("(^|\n)#(?=[a-z_]+ = |\\[)"), "$1");
}

TEST(Sample, IsTheShippedConfig) { compare_or_update(root + "config/zegel.toml", sample({})); }

TEST(Sample, LoadsAsItIsToTheDefaults) {
  EXPECT_EQ(why_not(sample({})), "");
  const auto settings = parse(sample({}), "zegel.toml", "/");
  ASSERT_TRUE(settings);
  for (const auto& key : keys()) {
    const bool filled_in = key.name == "server.hostname" || key.name == "pgp.home";
    if (!key.remark.required && !filled_in) { EXPECT_EQ(key.show(*settings), key.show(Settings{})) << key.name; }
  }
}

TEST(Sample, HasEveryKey) {
  const std::string all = uncommented(sample({}));
  for (const Described& one : describe()) {
    if (one.section == "protect.tags") continue;
    EXPECT_TRUE(std::regex_search(all, std::regex("\n" + one.key + " = |\n\\[\\[protect." + one.key + "\\]\\]\n")))
        << one.key;
  }
}

TEST(Sample, LoadsWithEveryLineUncommented) {
  EXPECT_NE(uncommented(sample({})), sample({}));
  EXPECT_EQ(why_not(uncommented(sample({}))), "");
}

TEST(Sample, TakesAnswers) {
  const std::string toml =
      sample({{"office.domains", R"(["klant.nl"])"}, {"delivery.direct", "true"}, {"log.to", R"("stderr")"}});
  EXPECT_EQ(why_not(toml), "");
  const auto settings = parse(toml, "zegel.toml", "/");
  ASSERT_TRUE(settings);
  EXPECT_EQ(settings->office.domains, std::vector<std::string>{"klant.nl"});
  EXPECT_TRUE(settings->delivery.direct);
  EXPECT_TRUE(settings->delivery.relay.empty());
  EXPECT_TRUE(settings->log.to_stderr);
}

/// Each default, written out by itself, is read back as the same value.
TEST(Keys, ReadBackTheDefaultsThatTheyShow) {
  for (const auto& key : keys()) {
    const std::string shown = key.show(Settings{});
    if (key.remark.required || key.name == "protect.rule") continue;
    const auto settings = parse(sample({{key.name, shown}}), "zegel.toml", "/");
    ASSERT_TRUE(settings) << key.name << " = " << shown << "\n" << why_not(sample({{key.name, shown}}));
    if (key.name != "server.hostname" && key.name != "pgp.home") { EXPECT_EQ(key.show(*settings), shown) << key.name; }
  }
}

/// Each example reads well, but for files that are not there.
TEST(Keys, ShowExamplesThatAreRight) {
  for (const auto& key : keys()) {
    if (key.remark.example.empty() || key.name == "protect.rule") continue;
    const std::string why = why_not(sample({{key.name, key.remark.example}}));
    EXPECT_TRUE(why.empty() || why.contains("cannot be found") || why.contains("there is no folder") ||
                why.contains(key.name + " needs "))
        << key.name << ": " << why;
  }
}

TEST(Keys, AreNamedOnce) {
  std::vector<std::string> names;
  for (const auto& key : keys()) names.push_back(key.name);
  std::ranges::sort(names);
  EXPECT_EQ(std::ranges::adjacent_find(names), names.end());
}

TEST(Sample, AndTheDocsHaveTheSameTables) {
  const std::string path = root + "docs/configuration.md";
  const std::string page = read(path);
  const std::string begin = "<!-- keys: written by the tests of config -->\n";
  const std::string end = "\n<!-- end of keys -->";
  const std::size_t from = page.find(begin);
  const std::size_t to = page.find(end);
  ASSERT_NE(from, std::string::npos);
  ASSERT_NE(to, std::string::npos);
  compare_or_update(path, page.substr(0, from + begin.size()) + markdown_tables() + page.substr(to));
}

/// Every TOML example of the page, with the required keys below it.
TEST(Docs, ShowConfigsThatLoad) {
  const std::string page = read(root + "docs/configuration.md");
  const std::regex block("```toml\n([^`]*)```");
  int count = 0;
  for (std::sregex_iterator it(page.begin(), page.end(), block), end; it != end; ++it, ++count) {
    const std::string required =
        "[office]\ndomains = [\"kantoor.nl\"]\n[server]\nlisten = [\"127.0.0.1:0\"]\n[delivery]\ndirect = true\n";
    EXPECT_EQ(why_not((*it)[1].str() + required), "") << it->str();
  }
  EXPECT_GE(count, 2);
}

}  // namespace
}  // namespace zegel::config
