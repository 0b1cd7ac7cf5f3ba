#include "seclusion.h"

#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>

#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

namespace zegel {

namespace {

namespace fs = std::filesystem;

constexpr mode_t read_by_all = 004;
constexpr mode_t written_by_all = 002;
constexpr std::uintmax_t largest_key_file = 1 << 20;

void keep_memory_to_itself() {
  const rlimit none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
  ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

/// Only where there is no limit: past one, every further allocation would fail.
void lock_memory() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_MEMLOCK, &limit) != 0 || limit.rlim_cur != RLIM_INFINITY) return;
  ::mlockall(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT);
}

bool open_to_all(const std::string& path, mode_t how) {
  struct stat facts{};
  return !path.empty() && ::stat(path.c_str(), &facts) == 0 && (facts.st_mode & how) != 0;
}

bool holds_private_key(const fs::path& path) {
  const std::string ending = path.extension().string();
  if (ending == ".p12" || ending == ".pfx" || ending == ".key") return true;
  std::error_code none;
  if (fs::file_size(path, none) > largest_key_file || none) return false;
  std::ifstream file(path, std::ios::binary);
  const std::string bytes(std::istreambuf_iterator<char>(file), {});
  return bytes.contains("PRIVATE KEY-----");
}

}  // namespace

void seclude() {
  keep_memory_to_itself();
  ::umask(077);
  ::signal(SIGPIPE, SIG_IGN);
  lock_memory();
}

void seclude_command() { keep_memory_to_itself(); }

std::vector<std::string> exposed(const config::Settings& settings) {
  std::vector<std::string> all;
  const auto look = [&](const std::string& path, mode_t how, const std::string& what, const std::string& mend) {
    if (open_to_all(path, how)) all.push_back(path + ": " + what + "; " + mend + " " + path);
  };
  for (const std::string& path : {settings.server.users, settings.server.tls_key, settings.delivery.password_file,
                                  settings.state.dir + "/store.key"})
    look(path, read_by_all, "it holds secrets and everyone may read it", "chmod o=");
  for (const std::string& path : {settings.file, settings.zip.command})
    look(path, written_by_all, "everyone may change it", "chmod o-w");
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(settings.smime.certificates, none)) {
    const std::string path = entry.path().string();
    if (entry.is_regular_file(none) && open_to_all(path, read_by_all | written_by_all) && holds_private_key(path))
      look(path, read_by_all | written_by_all, "everyone may read a private key", "chmod o=");
  }
  return all;
}

}  // namespace zegel
