#include "config/load.h"

#include <array>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <set>
#include <system_error>
#include <tuple>

#include <unistd.h>

#include "config/address.h"
#include "config/conflicts.h"
#include "config/keys.h"
#include "core/text.h"

namespace zegel::config {

namespace {

/// Far beyond any config a person writes, or a program for thousands of rules.
constexpr std::uintmax_t largest_file = 16U << 20;

std::vector<std::string> section_names() {
  std::vector<std::string> names;
  for (const auto& key : keys()) {
    if (std::ranges::find(names, key.section()) == names.end()) names.push_back(key.section());
  }
  return names;
}

/// An entry that is none of our sections: a misspelt one, or a key whose section is lacking.
void unknown_section(const Entry& entry, const std::vector<std::string>& known, Reading& reading) {
  const auto key = std::ranges::find(keys(), entry.key, &Key<Settings>::leaf);
  if (key != keys().end() && entry.node.as<Node::Table>() == nullptr) {
    reading.problem(entry.place, "`" + entry.key + "` stands outside its section",
                    "did you mean " + key->name + "? Put it under [" + key->section() + "]");
    return;
  }
  const std::string_view meant = text::nearest(entry.key, {known.begin(), known.end()});
  std::string all;
  for (const std::string& name : known) all += " [" + name + "]";
  reading.problem(entry.place, "unknown section [" + entry.key + "]",
                  meant.empty() ? "allowed:" + all : "did you mean [" + std::string(meant) + "]?");
}

void read_section(const Entry& section, const Node::Table& entries, Reading& reading, Settings& settings) {
  std::vector<std::string> leaves;
  for (const auto& key : keys()) {
    if (key.section() == section.key) leaves.push_back(key.leaf());
  }
  for (const Entry& entry : entries) {
    reading.key = section.key + "." + entry.key;
    const auto key = std::ranges::find(keys(), reading.key, &Key<Settings>::name);
    if (key == keys().end()) {
      unknown_key(entry, "[" + section.key + "]", leaves, reading);
      continue;
    }
    const auto* text = entry.node.as<std::string>();
    if (text == nullptr || !text->empty()) reading.given.emplace(reading.key, entry.place);
    key->read(entry.node, reading, settings);
  }
}

void read_document(const Node& root, Reading& reading, Settings& settings) {
  const std::vector<std::string> sections = section_names();
  for (const Entry& entry : *root.as<Node::Table>()) {
    const auto* entries = entry.node.as<Node::Table>();
    if (std::ranges::find(sections, entry.key) == sections.end()) {
      unknown_section(entry, sections, reading);
    } else if (entries == nullptr) {
      reading.key = entry.key;
      reading.wrong_type(entry.node, "[" + entry.key + "] and its keys below it");
    } else {
      read_section(entry, *entries, reading, settings);
    }
  }
}

std::string machine_name() {
  std::array<char, 256> name{};
  if (gethostname(name.data(), name.size() - 1) != 0) return "localhost";
  return parse_host(name.data()).value_or("localhost");
}

void fill_in(Settings& settings, const Reading& reading) {
  if (settings.server.hostname.empty()) settings.server.hostname = machine_name();
  if (settings.pgp.home.empty()) settings.pgp.home = settings.state.dir + "/gnupg";
  if (const auto at = reading.given.find("protect.methods"); at != reading.given.end()) {
    settings.protect.methods_place = at->second;
  }
}

/// The file's text, or why it cannot be had.
std::expected<std::string, std::string> read_file(const std::string& path) {
  std::error_code error;
  const auto size = std::filesystem::file_size(path, error);
  if (error) return std::unexpected(error.message());
  if (size > largest_file) return std::unexpected("it is larger than 16 MB");
  std::ifstream file(path, std::ios::binary);
  std::string text(size, '\0');
  if (!file.read(text.data(), static_cast<std::streamsize>(size))) {
    return std::unexpected(std::error_code(errno, std::generic_category()).message());
  }
  return text;
}

}  // namespace

std::string Place::rule() const {
  return line == 0 ? "default" : std::filesystem::path(file).filename().string() + ":" + std::to_string(line);
}

std::expected<Settings, std::vector<Problem>> parse(const std::string& toml, const std::string& file,
                                                    const std::string& folder) {
  const auto root = parse_tree(toml, file);
  if (!root) return std::unexpected(std::vector{root.error()});
  Settings settings;
  settings.file = file;
  Reading reading{.folder = std::filesystem::absolute(folder.empty() ? "." : folder).lexically_normal().string()};
  read_document(*root, reading, settings);
  find_conflicts(settings, *root, reading);
  if (reading.problems.empty()) {
    fill_in(settings, reading);
    return settings;
  }
  std::ranges::sort(reading.problems, {}, [](const Problem& problem) {
    return std::tuple(problem.place.line, problem.place.column, problem.what);
  });
  return std::unexpected(std::move(reading.problems));
}

std::expected<Settings, std::vector<Problem>> load(const std::string& path) {
  const auto text = read_file(path);
  if (!text)
    return std::unexpected(std::vector{Problem{
        {path, 1, 1}, "cannot be read: " + text.error(), "name a config that is there, or make one with: zegel init"}});
  return parse(*text, path, std::filesystem::absolute(path).parent_path().string());
}

}  // namespace zegel::config
