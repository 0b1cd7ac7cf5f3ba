#include "receive/users.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/text.h"

namespace zegel::receive {
namespace {

std::string reason() { return std::strerror(errno); }  // NOLINT(concurrency-mt-unsafe): glibc's is safe

std::vector<std::string> read_lines(const std::string& file) {
  std::ifstream in(file);
  if (!in) throw std::runtime_error(file + " cannot be read: " + reason());
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(std::move(line));
  return lines;
}

/// Empty for a comment or an empty line.
std::string_view name_of(std::string_view line) {
  line = text::trim(line);
  return line.starts_with('#') ? std::string_view() : line.substr(0, line.find(':'));
}

std::string_view hash_of(std::string_view line) {
  const std::size_t colon = line.find(':');
  return colon == std::string_view::npos ? std::string_view() : text::trim(line.substr(colon + 1));
}

/// A new file in its place, with the old one's owner and mode: no reader ever sees half of it.
Result<void> replace(const std::string& file, const std::vector<std::string>& lines) {
  struct stat old{};
  const bool existed = ::stat(file.c_str(), &old) == 0;
  const std::string fresh = file + ".new";
  const int out = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (out < 0) return fail(fresh + " cannot be written: " + reason());
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  bool good = ::write(out, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  if (existed) {
    good = good && ::fchmod(out, old.st_mode & 0640) == 0;
    if (::geteuid() == 0) good = good && ::fchown(out, old.st_uid, old.st_gid) == 0;
  }
  good = good && ::fsync(out) == 0;
  const std::string why = reason();
  ::close(out);
  if (good && ::rename(fresh.c_str(), file.c_str()) == 0) return {};
  const std::string all = good ? reason() : why;
  ::unlink(fresh.c_str());
  return fail(file + " cannot be written: " + all);
}

bool is_sound_name(std::string_view name) {
  return !name.empty() && name.size() <= 255 && text::is_utf8(name) && !name.starts_with('#') &&
         std::ranges::none_of(name,
                              [](char c) { return static_cast<unsigned char>(c) <= ' ' || c == ':' || c == 0x7F; });
}

}  // namespace

bool password_matches(const std::string& file, std::string_view name, std::string_view password) {
  // Of nobody's password; as dear as a real one, so that a stranger cannot tell by the time who exists.
  static constexpr std::string_view nobody =
      "$scrypt$ln=15,r=8,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
  const auto lines = read_lines(file);
  const auto line =
      std::ranges::find_if(lines, [&](const std::string& one) { return !name.empty() && name_of(one) == name; });
  const bool known = line != lines.end();
  const bool good = verify_password(known ? hash_of(*line) : nobody, password);
  return known && good;
}

std::vector<std::string> list_users(const std::string& file) {
  std::vector<std::string> names;
  if (!std::filesystem::exists(file)) return names;
  for (const std::string& line : read_lines(file)) {
    if (const std::string_view name = name_of(line); !name.empty()) names.emplace_back(name);
  }
  return names;
}

Result<void> add_user(const std::string& file, std::string_view name, std::string_view password) {
  if (!is_sound_name(name))
    return fail("\"" + std::string(name) + "\" cannot be a user's name; no blanks, no colon, at most 255 octets");
  if (password.empty() || password.size() > 1024) return fail("a password has 1 to 1024 octets");
  std::vector<std::string> lines = std::filesystem::exists(file) ? read_lines(file) : std::vector<std::string>();
  std::erase_if(lines, [&](const std::string& line) { return name_of(line) == name; });
  lines.push_back(std::string(name) + ":" + hash_password(password));
  return replace(file, lines);
}

Result<void> remove_user(const std::string& file, std::string_view name) {
  std::vector<std::string> lines = std::filesystem::exists(file) ? read_lines(file) : std::vector<std::string>();
  const auto removed =
      std::erase_if(lines, [&](const std::string& line) { return !name.empty() && name_of(line) == name; });
  if (removed == 0) return fail("there is no user " + std::string(name) + " in " + file);
  return replace(file, lines);
}

}  // namespace zegel::receive
