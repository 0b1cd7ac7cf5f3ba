#include "cli/inspect.h"

#include <filesystem>
#include <system_error>

#include <sys/stat.h>
#include <sys/statvfs.h>

#include "check/allowlist.h"
#include "cli/session.h"
#include "config/tree.h"
#include "materials.h"
#include "seclusion.h"

namespace zegel::cli {

namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t least_room = 512ULL << 20;

/// Of the config's tree, the value of one key.
const config::Node* find(const config::Node& root, const std::string& key) {
  const std::size_t dot = key.find('.');
  const config::Node* node = &root;
  for (const std::string& word : {key.substr(0, dot), key.substr(dot + 1)}) {
    const auto* table = node->as<config::Node::Table>();
    node = nullptr;
    if (table == nullptr) return nullptr;
    for (const config::Entry& entry : *table) {
      if (entry.key == word) node = &entry.node;
    }
    if (node == nullptr) return nullptr;
  }
  return node;
}

/// The permission bits of what is there; 0 for what is not.
mode_t mode_of(const std::string& path) {
  struct stat facts{};
  return !path.empty() && ::stat(path.c_str(), &facts) == 0 ? facts.st_mode & 0777 : 0;
}

void demand(const std::string& path, mode_t forbidden, const std::string& what, const std::string& mend,
            Problems& problems) {
  if ((mode_of(path) & forbidden) != 0) problems.push_back(path + ":1:1: " + what + "; " + mend + " " + path);
}

/// The nearest folder on the way up that is there.
fs::path existing(fs::path path) {
  std::error_code none;
  while (!fs::exists(path, none) && path.has_relative_path()) path = path.parent_path();
  return path;
}

std::string megabytes(std::uintmax_t octets) { return std::to_string(octets >> 20) + " MB"; }

}  // namespace

std::string place_of(const config::Settings& settings, const std::string& key) {
  if (const auto bytes = read_input(settings.file)) {
    const auto tree = config::parse_tree(*bytes, settings.file);
    const config::Node* node = tree ? find(*tree, key) : nullptr;
    if (node != nullptr) return node->place.text();
  }
  return settings.file + ":1:1";
}

// What keeps the daemon from running, and what is merely better not so.
void inspect_secrets(const config::Settings& settings, Problems& problems) {
  for (const std::string& folder : {settings.state.dir, settings.pgp.home})
    demand(folder, 077, "others than its owner may look into it", "chmod 700", problems);
  demand(settings.state.dir + "/store.key", 070, "others than its owner may read the key of the store", "chmod 600",
         problems);
  for (const std::string& problem : exposed(settings)) {
    const std::size_t end = problem.find(": ");
    problems.push_back(problem.substr(0, end) + ":1:1" + problem.substr(end));
  }
}

void inspect_recipients(const config::Settings& settings, Problems& problems) {
  if (const auto weights = weights_of(settings); !weights) problems.push_back(weights.error().why);
  for (const std::string& path : settings.recipients.allowlist) {
    const auto bytes = read_input(path);
    if (!bytes) continue;
    for (const check::Problem& problem : check::parse_allowlist(*bytes).problems) {
      problems.push_back(path + ":" + std::to_string(problem.line) + ":" + std::to_string(problem.column) + ": " +
                         problem.what + "; " + problem.mend);
    }
  }
}

void inspect_machine(const config::Settings& settings, Time now, Problems& problems) {
  struct stat facts{};
  if (::stat(settings.file.c_str(), &facts) == 0 &&
      now + std::chrono::hours(24) < Time(seconds(facts.st_mtim.tv_sec))) {
    problems.push_back(settings.file + ":1:1: it was changed in the future, the clock says " + iso_time(now) +
                       "; set the clock (timedatectl)");
  }
  struct statvfs room{};
  const fs::path disk = existing(settings.state.dir);
  if (::statvfs(disk.c_str(), &room) != 0) return;
  const std::uintmax_t free = static_cast<std::uintmax_t>(room.f_bavail) * room.f_frsize;
  const std::uintmax_t wanted = std::max(least_room, 4 * settings.server.message_size);
  if (free < wanted) {
    problems.push_back(place_of(settings, "state.dir") + ": only " + megabytes(free) + " are free at " + disk.string() +
                       ", and " + megabytes(wanted) + " are wanted; make room");
  }
}

}  // namespace zegel::cli
