#include "receive/password_command.h"

#include <filesystem>
#include <fstream>
#include <iterator>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

namespace zegel::receive {
namespace {

const mail::Mailbox jan{"jan", "klant.nl"};
constexpr seconds patience{60};

class PasswordCommand : public ::testing::Test {
 protected:
  std::string script(const std::string& body) {
    const std::string path = folder_ + "/command";
    std::ofstream(path) << "#!/bin/sh\n" << body;
    chmod(path.c_str(), 0700);
    return path;
  }
  [[nodiscard]] std::string written() const {
    std::ifstream file(folder_ + "/out");
    return {std::istreambuf_iterator<char>(file), {}};
  }
  void SetUp() override {
    std::string pattern = ::testing::TempDir() + "zegel-command-XXXXXX";
    folder_ = mkdtemp(pattern.data());
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  std::string folder_;
};

TEST_F(PasswordCommand, GetsRecipientAndReferenceAsWordsAndThePasswordOnStdin) {
  const std::string program = script("{ echo \"$1 $2 $#\"; cat; env; } > " + folder_ + "/out\n");
  const auto done = hand_over_password(program, jan, "7K3QX9M2TB", Secret("appel-boom"), patience);
  ASSERT_TRUE(done) << done.error().why;
  EXPECT_TRUE(written().starts_with("jan@klant.nl 7K3QX9M2TB 2\nappel-boom\n")) << written();
  EXPECT_EQ(written().find("appel"), written().rfind("appel")) << "only on stdin, not in the environment";
}

TEST_F(PasswordCommand, MayOpenItsInputByName) {
  ASSERT_TRUE(
      hand_over_password(script("cat /dev/stdin > " + folder_ + "/out\n"), jan, "R", Secret("appel-boom"), patience));
  EXPECT_EQ(written(), "appel-boom\n");
}

TEST_F(PasswordCommand, InheritsNoFileOfOurs) {
  const int open_in_us = open("/dev/null", O_RDONLY);  // without O_CLOEXEC, as a library might
  ASSERT_GE(open_in_us, 3);
  ASSERT_TRUE(hand_over_password(script("exec > " + folder_ + "/out; [ -e /proc/$$/fd/" + std::to_string(open_in_us) +
                                        " ] && echo open || echo closed\n"),
                                 jan, "R", Secret("x"), patience));
  close(open_in_us);
  EXPECT_EQ(written(), "closed\n");
}

TEST_F(PasswordCommand, AFailureIsAnError) {
  EXPECT_FALSE(hand_over_password(script("exit 3\n"), jan, "7K3QX9M2TB", Secret("x"), patience));
  EXPECT_FALSE(hand_over_password(script("kill -9 $$\n"), jan, "7K3QX9M2TB", Secret("x"), patience));
  EXPECT_FALSE(hand_over_password(folder_ + "/nowhere", jan, "7K3QX9M2TB", Secret("x"), patience));
}

TEST_F(PasswordCommand, OneThatHangsIsKilledWithItsChildren) {
  const auto done = hand_over_password(script("sleep 600 & echo $! > " + folder_ + "/out; wait\n"), jan, "7K3QX9M2TB",
                                       Secret("x"), seconds(1));
  ASSERT_FALSE(done);
  EXPECT_NE(done.error().why.find("not done within 1 seconds"), std::string::npos);
  EXPECT_EQ(done.error().why.find("x\n"), std::string::npos);
}

TEST_F(PasswordCommand, OneThatReadsNothingIsFine) {
  EXPECT_TRUE(hand_over_password(script("exit 0\n"), jan, "R", Secret("x"), patience));
}

}  // namespace
}  // namespace zegel::receive
