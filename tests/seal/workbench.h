#pragma once

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "core/base64.h"

/// A folder, and the tools of others: what sealing tests need.
namespace zegel::seal::test {

/// Gone with everything in it at the end of the test.
class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "zegel-seal-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
    path_ = name;
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() {
    std::error_code error;
    std::filesystem::remove_all(path_, error);
  }
  [[nodiscard]] std::string operator/(std::string_view name) const { return path_ + "/" + std::string(name); }
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

inline void write(const std::string& path, std::string_view bytes) {
  std::filesystem::create_directories(std::filesystem::path(path).parent_path());
  std::ofstream(path, std::ios::binary) << bytes;
}

inline std::string read(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

struct Ran {
  int exit;
  std::string output;  ///< both streams
};

/// A shell command, its time bounded.
inline Ran run(const std::string& command) {
  FILE* pipe = ::popen(("exec 2>&1; timeout 60 sh -c '" + command + "'").c_str(), "r");
  if (pipe == nullptr) return {-1, "popen"};
  std::string output;
  char buffer[4096];
  for (std::size_t got = 0; (got = std::fread(buffer, 1, sizeof buffer, pipe)) > 0;) output.append(buffer, got);
  return {::pclose(pipe), output};
}

inline bool there_is(const std::string& tool) { return run("command -v " + tool).exit == 0; }

inline constexpr std::string_view body_canary = "CANARY-body-4f1d9c";
inline constexpr std::string_view file_canary = "CANARY-file-77ab02";
inline constexpr std::string_view name_canary = "CANARY-name-c0ffee";

/// An office mail: text, and one attachment whose content and name are canaries too.
inline std::string office_mail(std::string_view to = "jan@klant.nl", std::string_view subject = "Dossier 12") {
  return "Received: from pc (pc.kantoor.nl [10.0.0.2]) by mail.kantoor.nl; Mon, 23 Nov 2026 20:01:44 +0000\r\n"
         "From: Piet <piet@kantoor.nl>\r\n"
         "To: " +
         std::string(to) +
         "\r\n"
         "Bcc: geheim@elders.nl\r\n"
         "Subject: " +
         std::string(subject) +
         "\r\n"
         "Date: Mon, 23 Nov 2026 20:01:45 +0000\r\n"
         "Message-ID: <1@kantoor.nl>\r\n"
         "X-Zegel-Test: 1\r\n"
         "MIME-Version: 1.0\r\n"
         "Content-Type: multipart/mixed; boundary=\"b1\"\r\n"
         "\r\n"
         "--b1\r\n"
         "Content-Type: text/plain; charset=utf-8\r\n"
         "\r\n"
         "Beste Jan, " +
         std::string(body_canary) +
         "\r\n"
         "--b1\r\n"
         "Content-Type: application/pdf; name=\"" +
         std::string(name_canary) +
         ".pdf\"\r\n"
         "Content-Disposition: attachment; filename=\"" +
         std::string(name_canary) +
         ".pdf\"\r\n"
         "Content-Transfer-Encoding: base64\r\n"
         "\r\n" +
         base64::encode_lines("%PDF-1.4 " + std::string(file_canary) + " end") + "--b1--\r\n";
}

/// What must stand nowhere in sealed octets: the canaries, and their base64 at each of the three offsets.
inline void expect_no_canary(std::string_view sealed) {
  std::string joined;
  for (const char c : sealed) {
    if (c != '\r' && c != '\n') joined += c;
  }
  for (const std::string_view canary : {body_canary, file_canary, name_canary}) {
    EXPECT_FALSE(joined.contains(canary)) << canary;
    for (std::size_t offset = 0; offset < 3; ++offset) {
      const std::string coded = base64::encode(canary.substr(offset, canary.size() / 3 * 3 - 3));
      EXPECT_FALSE(joined.contains(coded)) << canary << " in base64";
    }
  }
  EXPECT_FALSE(sealed.contains("geheim@elders.nl"));
}

}  // namespace zegel::seal::test
