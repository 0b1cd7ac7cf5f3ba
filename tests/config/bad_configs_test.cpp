#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

#include "config/load.h"

namespace zegel::config {
namespace {

namespace fs = std::filesystem;

std::string read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<fs::path> bad_configs() {
  std::vector<fs::path> paths;
  for (const auto& entry : fs::directory_iterator(fs::path(ZEGEL_SOURCE_DIR) / "tests/configs/bad")) {
    if (entry.path().extension() == ".toml") paths.push_back(entry.path());
  }
  std::ranges::sort(paths);
  return paths;
}

/// `name.toml:LINE:COL: …` for every problem of a file.
std::string answer(const fs::path& path) {
  const auto settings = parse(read(path), path.filename().string(), path.parent_path().string());
  if (settings) return "no problem\n";
  std::string text;
  for (const Problem& problem : settings.error()) text += problem.text() + "\n";
  return text;
}

TEST(BadConfigs, AreEachAnsweredWithTheExpectedErrors) {
  const auto paths = bad_configs();
  ASSERT_GE(paths.size(), 80U);
  for (const fs::path& path : paths) {
    fs::path expected = path;
    expected.replace_extension(".expected");
    if (std::getenv("ZEGEL_UPDATE") != nullptr) std::ofstream(expected) << answer(path);
    EXPECT_EQ(answer(path), read(expected)) << path;
    EXPECT_NE(answer(path), "no problem\n") << path;
  }
}

}  // namespace
}  // namespace zegel::config
