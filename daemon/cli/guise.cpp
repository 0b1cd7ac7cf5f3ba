#include "cli/guise.h"

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <stdexcept>
#include <string>

#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

namespace zegel::cli {

namespace {

void demand(int answer, const char* what) {
  if (answer != 0) throw std::runtime_error(std::string(what) + ": " + std::strerror(errno));
}

/// The group of the user, and all that it belongs to.
void take_groups(uid_t user, gid_t fallback) {
  std::array<char, 4'096> room{};
  passwd entry{};
  passwd* found = nullptr;
  ::getpwuid_r(user, &entry, room.data(), room.size(), &found);
  const gid_t group = found != nullptr ? found->pw_gid : fallback;
  demand(found != nullptr ? ::initgroups(found->pw_name, group) : ::setgroups(1, &group), "setgroups");
  demand(::setresgid(group, group, 0), "setresgid");
}

/// Whether we are root in another's clothes.
bool in_guise() {
  uid_t real = 0;
  uid_t effective = 0;
  uid_t saved = 0;
  return ::getresuid(&real, &effective, &saved) == 0 && effective != 0 && saved == 0;
}

uid_t guise = 0;
gid_t guise_group = 0;

}  // namespace

void become_owner(const config::Settings& settings) {
  struct stat facts{};
  if (::geteuid() != 0 || ::stat(settings.state.dir.c_str(), &facts) != 0 || facts.st_uid == 0) return;
  take_groups(facts.st_uid, facts.st_gid);
  demand(::setresuid(facts.st_uid, facts.st_uid, 0), "setresuid");
  guise = facts.st_uid;
  guise_group = ::getegid();
}

AsCaller::AsCaller() {
  if (!in_guise()) return;
  demand(::seteuid(0), "seteuid");
  demand(::setegid(0), "setegid");
}

AsCaller::~AsCaller() {
  if (guise == 0 || ::geteuid() != 0) return;
  if (::setegid(guise_group) != 0 || ::seteuid(guise) != 0) std::abort();
}

void share_with_group(const std::string& path) {
  struct stat folder{};
  const auto parent = std::filesystem::absolute(path).parent_path();
  if (::geteuid() != 0 || ::stat(parent.c_str(), &folder) != 0 || folder.st_gid == 0) return;
  demand(::chown(path.c_str(), static_cast<uid_t>(-1), folder.st_gid), path.c_str());
  demand(::chmod(path.c_str(), 0640), path.c_str());
}

}  // namespace zegel::cli
