#pragma once

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <sys/wait.h>

#include "core/base64.h"

/// Running the programs that recipients have, over files in a folder that goes with the test.
namespace zegel::test {

class Folder {
 public:
  Folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "zegel-zip-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  [[nodiscard]] std::string operator/(std::string_view name) const { return (path_ / name).string(); }
  void write(std::string_view name, std::string_view bytes) const {
    std::ofstream(*this / name, std::ios::binary) << bytes;
  }
  [[nodiscard]] std::string read(std::string_view name) const {
    std::ifstream file(*this / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  [[nodiscard]] std::size_t count(std::string_view name) const {
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(path_ / name), {}));
  }

  struct Outcome {
    int code = -1;
    std::string said;  ///< both streams
  };
  /// In this folder, by the shell.
  [[nodiscard]] Outcome run(const std::string& command) const {
    Outcome outcome;
    FILE* pipe = ::popen(
        ("cd '" + path_.string() + "' && export LC_ALL=C.UTF-8 && { " + command + "; } 2>&1 </dev/null").c_str(), "r");
    for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe)) outcome.said += static_cast<char>(c);
    const int status = ::pclose(pipe);
    outcome.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    return outcome;
  }

 private:
  std::filesystem::path path_;
};

/// A file that another program made (tests/seal/vectors).
inline std::string vector(const std::string& name) {
  std::ifstream file(ZEGEL_SOURCE_DIR "/tests/seal/vectors/" + name, std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(file), {}};
  if (bytes.empty()) throw std::runtime_error("no vector " + name);
  return bytes;
}

inline bool have(const std::string& program) {
  return std::system(("command -v " + program + " >/dev/null").c_str()) == 0;
}

/// Whether `canary` can be read in `bytes`, as it is or in base64 at any of its three phases. It must have 12 octets or
/// more.
inline bool shows(std::string_view bytes, std::string_view canary) {
  if (bytes.contains(canary)) return true;
  for (std::size_t phase = 0; phase < 3; ++phase) {
    const std::string_view middle = canary.substr((3 - phase) % 3);
    const std::string coded = base64::encode(middle.substr(0, middle.size() / 3 * 3));
    if (bytes.contains(coded)) return true;
  }
  return false;
}

}  // namespace zegel::test

#define NEED_PROGRAM(program) \
  if (!zegel::test::have(program)) GTEST_SKIP() << "needs " << (program)
