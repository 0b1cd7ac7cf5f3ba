#include "receive/users.h"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <sys/stat.h>

namespace zegel::receive {
namespace {

// Python: hashlib.scrypt(b'geheim', salt=b'0123456789abcdef', n=1024, r=8, p=1, dklen=32)
constexpr std::string_view made_by_python =
    "$scrypt$ln=10,r=8,p=1$MDEyMzQ1Njc4OWFiY2RlZg$M8p5j6mhLhZb2lzGfF133L8YEP38fxKZGkRgXfdBdRk";

class Users : public testing::Test {
 protected:
  ~Users() override { std::filesystem::remove_all(folder_); }
  std::string folder_ = [] {
    std::string name = testing::TempDir() + "users.XXXXXX";
    return std::string(::mkdtemp(name.data()));
  }();
  std::string file_ = folder_ + "/users";
};

TEST(Scrypt, VerifiesWhatAnotherToolHashed) {
  EXPECT_TRUE(verify_password(made_by_python, "geheim"));
  EXPECT_FALSE(verify_password(made_by_python, "Geheim"));
  EXPECT_FALSE(verify_password(made_by_python, ""));
}

TEST(Scrypt, SaltsEveryHash) {
  const std::string hash = hash_password("geheim", 10);
  EXPECT_TRUE(verify_password(hash, "geheim"));
  EXPECT_FALSE(verify_password(hash, "geheim2"));
  EXPECT_NE(hash, hash_password("geheim", 10));
}

TEST(Scrypt, RefusesHashesThatAreMalformedOrTooDear) {
  for (const char* bad : {"", "geheim", "$scrypt$", "$scrypt$ln=10,r=8,p=1$$",
                          "$scrypt$ln=40,r=8,p=1$MDEyMzQ1Njc4OWFiY2RlZg$MDEyMzQ1Njc4OWFiY2RlZg",
                          "$scrypt$ln=20,r=64,p=1$MDEyMzQ1Njc4OWFiY2RlZg$MDEyMzQ1Njc4OWFiY2RlZg",
                          "$scrypt$ln=,r=8,p=1$MDEy$MDEyMzQ1Njc4OWFiY2RlZg", "$6$salt$hash"}) {
    EXPECT_FALSE(verify_password(bad, "geheim")) << bad;
  }
}

TEST_F(Users, AreAddedListedCheckedAndRemoved) {
  EXPECT_TRUE(list_users(file_).empty());
  ASSERT_TRUE(add_user(file_, "piet", "geheim"));
  ASSERT_TRUE(add_user(file_, "jan@kantoor.nl", "ook geheim"));
  EXPECT_EQ(list_users(file_), (std::vector<std::string>{"piet", "jan@kantoor.nl"}));
  EXPECT_TRUE(password_matches(file_, "piet", "geheim"));
  EXPECT_FALSE(password_matches(file_, "piet", "ook geheim"));
  EXPECT_FALSE(password_matches(file_, "klaas", "geheim"));
  EXPECT_FALSE(password_matches(file_, "", "geheim"));
  ASSERT_TRUE(add_user(file_, "piet", "nieuw"));
  EXPECT_EQ(list_users(file_).size(), 2u);
  EXPECT_TRUE(password_matches(file_, "piet", "nieuw"));
  ASSERT_TRUE(remove_user(file_, "piet"));
  EXPECT_FALSE(remove_user(file_, "piet"));
  EXPECT_EQ(list_users(file_), std::vector<std::string>{"jan@kantoor.nl"});
}

TEST_F(Users, KeepCommentsAndAFileThatOnlyItsOwnerReads) {
  std::ofstream(file_) << "# who may\n\npiet:" << made_by_python << "\n";
  EXPECT_TRUE(password_matches(file_, "piet", "geheim"));
  ::chmod(file_.c_str(), 0644);
  ASSERT_TRUE(add_user(file_, "jan", "x"));
  std::ifstream in(file_);
  std::string first;
  std::getline(in, first);
  EXPECT_EQ(first, "# who may");
  struct stat now{};
  ASSERT_EQ(::stat(file_.c_str(), &now), 0);
  EXPECT_EQ(now.st_mode & 0777, 0640u);
  EXPECT_FALSE(password_matches(file_, "# who may", "x"));
}

TEST_F(Users, HaveSoundNames) {
  for (const char* bad : {"", "a:b", "a b", "#a", "a\nb", "\xFF"}) EXPECT_FALSE(add_user(file_, bad, "x")) << bad;
  EXPECT_FALSE(add_user(file_, "a", ""));
}

TEST_F(Users, OfAFileThatIsGoneAreAnAccident) {
  EXPECT_THROW((void)password_matches(file_, "piet", "geheim"), std::runtime_error);
}

}  // namespace
}  // namespace zegel::receive
