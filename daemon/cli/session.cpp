#include "cli/session.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <stdexcept>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/exits.h"
#include "cli/guise.h"
#include "config/load.h"

namespace zegel::cli {

namespace {

constexpr std::size_t largest_input = 256ULL << 20;

/// Root may name files that are for root's eyes, also when it is in the guise of the daemon's user already.
auto load_as_caller(const std::string& file) {
  const AsCaller caller;
  return config::load(file);
}

}  // namespace

int complain(int code, std::string_view what) {
  std::fprintf(stderr, "zegel: %.*s\n", static_cast<int>(what.size()), what.data());
  return code;
}

std::optional<config::Settings> settings_of(const Session& session) {
  auto settings = load_as_caller(session.config);
  if (settings) {
    become_owner(*settings);
    return std::move(*settings);
  }
  for (const config::Problem& problem : settings.error()) std::fprintf(stderr, "%s\n", problem.text().c_str());
  return std::nullopt;
}

std::optional<std::string> read_input(const std::string& path) {
  const AsCaller caller;
  std::FILE* file = path == "-" ? stdin : std::fopen(path.c_str(), "rbe");
  if (file == nullptr) {
    complain(exit_no_input, path + ": " + std::strerror(errno));
    return std::nullopt;
  }
  std::string bytes;
  char buffer[65'536];
  std::size_t got = 0;
  while (bytes.size() <= largest_input && (got = std::fread(buffer, 1, sizeof buffer, file)) > 0)
    bytes.append(buffer, got);
  const bool bad = std::ferror(file) != 0 || bytes.size() > largest_input;
  if (file != stdin) std::fclose(file);
  if (!bad) return bytes;
  complain(exit_no_input, path + (bytes.size() > largest_input ? ": larger than 256 MB" : ": cannot be read"));
  return std::nullopt;
}

void write_file(const std::string& path, std::string_view bytes) {
  const AsCaller caller;
  const auto failed = [&] { throw std::runtime_error(path + ": " + std::strerror(errno)); };
  const int fd = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd < 0) failed();
  while (!bytes.empty()) {
    const ssize_t written = write(fd, bytes.data(), bytes.size());
    if (written < 0) failed();
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  if (fsync(fd) != 0 || close(fd) != 0) failed();
}

}  // namespace zegel::cli
