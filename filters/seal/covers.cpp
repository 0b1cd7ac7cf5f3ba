#include "seal/covers.h"

#include <filesystem>

#include "seal/files.h"

namespace zegel::seal {

namespace {

using What = std::pair<Language, Method>;

/// Every name that a file may have, and what it is for.
std::map<std::string, What> known_names() {
  std::map<std::string, What> names;
  for (const auto& language : words_of_language) {
    for (const Method method : {Method::zip_attachments, Method::zip}) {
      names.emplace(std::string(to_text(method)) + "." + std::string(language.text) + ".txt",
                    What(language.value, method));
    }
  }
  return names;
}

std::string unknown_name(const std::map<std::string, What>& names) {
  std::string all;
  for (const auto& [name, what] : names) all += (all.empty() ? "" : ", ") + name;
  return "no cover text is called so; the names are " + all;
}

}  // namespace

std::expected<Covers, std::vector<std::string>> Covers::load(const std::string& folder) {
  const auto names = known_names();
  Covers covers;
  std::vector<std::string> problems;
  for (const std::string& path : files_in(folder)) {
    const auto what = names.find(std::filesystem::path(path).filename().string());
    if (what == names.end()) {
      problems.push_back(path + ":1:1: " + unknown_name(names));
      continue;
    }
    const auto text = read_file(path);
    if (!text) {
      problems.push_back(path + ":1:1: " + text.error().why + "; let the user that Zegel runs as read it");
      continue;
    }
    auto parsed = CoverTemplate::parse(*text);
    if (parsed) {
      covers.own_.emplace(what->second, std::move(*parsed));
    } else {
      const CoverFlaw& flaw = parsed.error();
      problems.push_back(path + ":" + std::to_string(flaw.line) + ":" + std::to_string(flaw.column) + ": " + flaw.what);
    }
  }
  if (!problems.empty()) return std::unexpected(std::move(problems));
  return covers;
}

const CoverTemplate& Covers::of(Language language, Method method) const {
  const auto own = own_.find({language, method});
  return own == own_.end() ? cover_template(language, method) : own->second;
}

}  // namespace zegel::seal
