#include "config/reference.h"

#include <sstream>

#include "config/keys.h"

namespace zegel::config {

namespace {

constexpr std::size_t widest_comment = 100;

/// `text` as `# ` lines, broken between words.
std::string comment(const std::string& text) {
  std::string out;
  std::string line = "#";
  std::istringstream in(text);
  for (std::string word; in >> word;) {
    if (line.size() + 1 + word.size() > widest_comment) {
      out += line + "\n";
      line = "#";
    }
    line += " " + word;
  }
  return out + line + "\n";
}

template <class Record>
std::string fallback(const Key<Record>& key) {
  if (key.remark.required) return key.name == "delivery.relay" ? "required, or `direct`" : "required";
  if (!key.remark.by_default.empty()) return key.remark.by_default;
  const std::string shown = key.show(Record{});
  return shown.empty() ? "as there" : "`" + shown + "`";
}

template <class Record>
Described described(const Key<Record>& key, const std::string& section, const std::string& name) {
  std::string meaning = key.meaning;
  if (!key.remark.example.empty()) meaning += " For example `" + key.remark.example + "`.";
  return {section, name, fallback(key), key.wanted, meaning};
}

/// The comment above a key. The example stands on a line of its own, to be copied.
std::string remarks(const Key<Settings>& key) {
  std::string text = comment(key.meaning);
  if (key.remark.by_default.empty()) return text;
  text += "# Default: " + key.remark.by_default;
  return text + (key.remark.example.empty() ? ".\n" : "; for example " + key.remark.example + "\n");
}

std::string sample_of_rule(const Key<Settings>& key) {
  std::string out = comment(key.meaning) + "#[[protect.rule]]\n";
  for (const auto& part : rule_keys())
    out += comment(part.meaning) + "#" + part.name + " = " + part.remark.example + "\n";
  return out;
}

std::string sample_of(const Key<Settings>& key, const std::map<std::string, std::string>& answers) {
  const auto answer = answers.find(key.name);
  if (answer != answers.end()) return remarks(key) + key.leaf() + " = " + answer->second + "\n";
  if (key.name == "protect.rule") return sample_of_rule(key);
  if (!key.remark.required) return remarks(key) + "#" + key.leaf() + " = " + key.show(Settings{}) + "\n";
  // The next hop is either of two keys: an answer for `direct` takes the example's place.
  const bool other_way =
      key.name == "delivery.relay" && answers.contains("delivery.direct") && answers.at("delivery.direct") == "true";
  return remarks(key) + (other_way ? "#" : "") + key.leaf() + " = " + key.remark.example + "\n";
}

}  // namespace

std::vector<Described> describe() {
  std::vector<Described> out;
  for (const auto& key : keys()) out.push_back(described(key, key.section(), key.leaf()));
  for (const auto& key : rule_keys()) out.push_back(described(key, "protect.rule", key.name));
  for (const auto& key : tag_keys()) out.push_back(described(key, "protect.tags", key.name));
  return out;
}

std::string sample(const std::map<std::string, std::string>& answers) {
  std::string out =
      "# Zegel's config. Every key is here with its default; take the # off to change one.\n"
      "# Sizes are \"50 MB\", times \"30m\" or \"5d\"; relative paths start at this file's folder.\n"
      "# After a change: `zegel check`, then `systemctl reload zegel`.\n";
  std::string section;
  for (const auto& key : keys()) {
    if (key.section() != section)
      out += "\n[" + (section = key.section()) + "]\n";
    else
      out += "\n";
    out += sample_of(key, answers);
  }
  return out;
}

std::string markdown_tables() {
  std::string out;
  std::string section;
  for (const Described& one : describe()) {
    if (one.section != section) {
      section = one.section;
      const std::string brackets = section == "protect.rule" ? "[[protect.rule]]" : "[" + section + "]";
      out += "\n### `" + (section == "protect.tags" ? "protect.tags" : brackets) +
             "`\n\n| key | default | write | meaning |\n|---|---|---|---|\n";
    }
    out += "| `" + one.key + "` | " + one.fallback + " | " + one.wanted + " | " + one.meaning + " |\n";
  }
  return out;
}

}  // namespace zegel::config
