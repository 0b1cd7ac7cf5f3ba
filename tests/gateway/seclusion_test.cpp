#include "seclusion.h"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace zegel {
namespace {

namespace fs = std::filesystem;

class Exposed : public testing::Test {
 protected:
  Exposed() {
    std::string name = testing::TempDir() + "zegel-secrets-XXXXXX";
    folder = ::mkdtemp(name.data());
    settings.file = make("zegel.toml", 0644, "");
    settings.state.dir = folder;
    settings.smime.certificates = folder + "/smime";
    fs::create_directory(settings.smime.certificates);
  }
  ~Exposed() override { fs::remove_all(folder); }

  std::string make(const std::string& name, mode_t mode, const std::string& text) const {
    const std::string path = folder + "/" + name;
    std::ofstream(path) << text;
    ::chmod(path.c_str(), mode);
    return path;
  }

  std::string folder;
  config::Settings settings;
};

TEST_F(Exposed, IsNothingThatOnlyItsOwnerReads) {
  settings.server.users = make("users", 0640, "piet:x\n");
  settings.server.tls_key = make("key.pem", 0600, "x");
  make("smime/piet.pem", 0600, "-----BEGIN PRIVATE KEY-----\n");
  make("smime/jan.pem", 0644, "-----BEGIN CERTIFICATE-----\n");
  make("store.key", 0600, "x");
  EXPECT_TRUE(exposed(settings).empty());
}

TEST_F(Exposed, IsEverySecretThatAllMayRead) {
  settings.server.users = make("users", 0644, "piet:x\n");
  settings.server.tls_key = make("key.pem", 0604, "x");
  settings.delivery.password_file = make("password", 0644, "x");
  make("store.key", 0644, "x");
  make("smime/piet.pem", 0644, "-----BEGIN PRIVATE KEY-----\n");
  make("smime/piet.p12", 0644, "x");
  const auto found = exposed(settings);
  EXPECT_EQ(found.size(), 6u);
  EXPECT_EQ(found.front(), folder + "/users: it holds secrets and everyone may read it; chmod o= " + folder + "/users");
}

TEST_F(Exposed, IsAProgramOrAConfigThatAllMayChange) {
  ::chmod(settings.file.c_str(), 0666);
  settings.zip.command = make("sms", 0757, "");
  EXPECT_EQ(exposed(settings).size(), 2u);
}

TEST(Seclude, LeavesNoCoreAndNothingForOthers) {
  const pid_t child = ::fork();
  if (child == 0) {
    seclude();
    rlimit core{};
    ::getrlimit(RLIMIT_CORE, &core);
    ::_exit(core.rlim_max == 0 && ::prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0 && ::umask(0) == 077 ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
}

}  // namespace
}  // namespace zegel
