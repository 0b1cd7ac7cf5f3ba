#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace zegel::mail::testing {

/// One message of a corpus of other projects' test messages, which lies beside the source tree or nowhere.
struct Sample {
  std::string name;  ///< `gmime/x.eml`
  std::string raw;   ///< as it lies there
  std::string crlf;  ///< as SMTP would carry it: every line end CRLF
};

inline std::string with_crlf(const std::string& raw) {
  std::string out;
  for (std::size_t i = 0; i < raw.size(); ++i) {
    if (raw[i] == '\n' && (i == 0 || raw[i - 1] != '\r')) out += '\r';
    out += raw[i];
  }
  return out;
}

inline std::vector<Sample> corpus() {
  const std::filesystem::path folder = std::filesystem::path(ZEGEL_SOURCE_DIR) / "../shared/corpus";
  std::vector<Sample> out;
  if (!std::filesystem::is_directory(folder)) return out;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file() || entry.path().filename() == "README.md") continue;
    std::ifstream file(entry.path(), std::ios::binary);
    std::string raw(std::istreambuf_iterator<char>(file), {});
    std::string crlf = with_crlf(raw);
    out.push_back({std::filesystem::relative(entry.path(), folder).string(), std::move(raw), std::move(crlf)});
  }
  return out;
}

}  // namespace zegel::mail::testing
