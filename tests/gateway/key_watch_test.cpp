#include "key_watch.h"

#include <filesystem>
#include <fstream>
#include <vector>

#include <gtest/gtest.h>

#include "log/log.h"

namespace zegel {
namespace {

/// A folder with one certificate of 29 days, and what the log says.
class KeyWatching : public testing::Test {
 protected:
  KeyWatching() {
    std::string name = (std::filesystem::temp_directory_path() / "zegel-watch-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
    const std::string make = "openssl req -x509 -newkey rsa:2048 -nodes -days 29 -subj /CN=jan -keyout " + folder_ +
                             "/key -out " + folder_ +
                             "/jan.pem -addext subjectAltName=email:jan@klant.nl -addext "
                             "extendedKeyUsage=emailProtection >/dev/null 2>&1; rm " +
                             folder_ + "/key";
    EXPECT_EQ(std::system(make.c_str()), 0);
    log::capture([this](const std::string& line) { lines_.push_back(line); });
  }
  ~KeyWatching() override {
    log::capture(nullptr);
    std::filesystem::remove_all(folder_);
  }
  KeyWatching(const KeyWatching&) = delete;
  KeyWatching& operator=(const KeyWatching&) = delete;

  std::string folder_;
  std::vector<std::string> lines_;
};

TEST_F(KeyWatching, SaysOnceADayWhatEndsSoon) {
  std::vector<std::string> problems;
  const auto keys = seal::Keys::load({folder_, "", "", ""}, now(), problems);
  const Time start = now();
  KeyWatch watch;
  for (const int hours : {0, 1, 23, 25, 26, 48, 49}) watch.look(*keys, start + std::chrono::hours(hours));
  ASSERT_EQ(lines_.size(), 3U);
  EXPECT_TRUE(lines_[0].contains("event=key-ends-soon method=smime key=")) << lines_[0];
  EXPECT_TRUE(lines_[0].contains(" address=jan@klant.nl until=20")) << lines_[0];
  EXPECT_TRUE(lines_[0].contains(" days=28 ")) << lines_[0];
  EXPECT_TRUE(lines_[1].contains(" days=27 ")) << lines_[1];
  watch.look(*keys, start + std::chrono::days(30));
  EXPECT_EQ(lines_.size(), 3U) << "what has ended is told elsewhere";
}

}  // namespace
}  // namespace zegel
