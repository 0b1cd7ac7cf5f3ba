#include "core/secret.h"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <unistd.h>

#include "core/secret_file.h"

namespace zegel {
namespace {

TEST(Secret, LeavesNothingBehindInWhatItWasMadeOf) {
  for (std::string from : {std::string("kort"), std::string(100, 'k')}) {
    const std::string as_it_was = from;
    const Secret secret(std::move(from));
    EXPECT_EQ(secret.reveal(), as_it_was);
    // NOLINTNEXTLINE(bugprone-use-after-move): what is left of it is the question
    EXPECT_FALSE(std::string_view(from.data(), from.capacity()).contains("k"));
  }
}

TEST(Secret, LeavesNothingBehindWhenItMoves) {
  Secret first("kort");
  const std::string_view where = first.reveal();
  const Secret second(std::move(first));
  EXPECT_EQ(second.reveal(), "kort");
  EXPECT_EQ(where, std::string_view("\0\0\0\0", 4));
}

TEST(SecretFile, IsReadWhole) {
  const std::string path = (std::filesystem::temp_directory_path() / ("secret-" + std::to_string(getpid()))).string();
  const std::string octets = std::string(100'000, 'x') + '\0' + "end\n";
  std::ofstream(path, std::ios::binary) << octets;
  const auto secret = read_secret(path);
  ASSERT_TRUE(secret.has_value());
  EXPECT_EQ(secret->reveal(), octets);
  std::filesystem::remove(path);
}

TEST(SecretFile, SaysWhyItCannotBeRead) {
  EXPECT_EQ(read_secret("/nowhere/x").error().why, "/nowhere/x: No such file or directory");
  EXPECT_EQ(read_secret("/tmp").error().why, "/tmp: it is a folder");
}

}  // namespace
}  // namespace zegel
