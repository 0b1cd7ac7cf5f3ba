#pragma once

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

#include "config/form.h"
#include "config/reading.h"

namespace zegel::config {

/// What is said of a key beside its meaning, where there is more to say.
struct Remark {
  std::string by_default = {};  ///< in words, where the default is not a value: `the machine's name`
  std::string example = {};     ///< TOML, where the default does not show how the value is written
  bool required = false;
};

/// One key of a record (the whole Settings, a rule, a tag): its name, how it is written, what it means.
template <class Record>
struct Key {
  std::string name;     ///< `server.listen`; within a rule or a tag `to`
  std::string meaning;  ///< for the sample and the docs: Markdown in plain sentences
  Remark remark;
  std::string wanted;  ///< what to write: `a size, as in "50 MB"`
  std::function<void(const Node&, Reading&, Record&)> read;
  std::function<std::string(const Record&)> show;  ///< the record's value, as TOML that `read` takes

  /// `server` of `server.listen`.
  [[nodiscard]] std::string section() const { return name.substr(0, name.find('.')); }
  /// `listen` of `server.listen`.
  [[nodiscard]] std::string leaf() const { return name.substr(name.find('.') + 1); }
};

/// A key whose value is put where `at(record)` points.
template <class Record, class T, class At>
[[nodiscard]] Key<Record> make_key(std::string name, At at, const Form<T>& form, std::string meaning, Remark remark) {
  const auto read = [=](const Node& node, Reading& reading, Record& record) {
    if (auto value = form.read(node, reading)) at(record) = std::move(*value);
  };
  // The accessor gives a reference to a member, so it wants a record it may change: a copy, for these few uses.
  const auto show = [=](Record record) { return form.show(at(record)); };
  return {std::move(name), std::move(meaning), std::move(remark), form.wanted, read, show};
}

/// Makes the keys of one `[section]`.
template <class Member>
struct Section {
  std::string name;
  Member Settings::* member;

  template <class T, class Owner>
  [[nodiscard]] Key<Settings> key(const std::string& leaf, T Owner::* field, const Form<T>& form, std::string meaning,
                                  Remark remark = {}) const {
    const auto at = [=, where = member](Settings& settings) -> T& { return settings.*where.*field; };
    return make_key<Settings>(name + "." + leaf, at, form, std::move(meaning), std::move(remark));
  }
};

/// Makes a key of a rule or a tag.
template <class Record, class T>
[[nodiscard]] Key<Record> key_of(std::string name, T Record::* field, const Form<T>& form, std::string meaning,
                                 Remark remark = {}) {
  const auto at = [=](Record& record) -> T& { return record.*field; };
  return make_key<Record>(std::move(name), at, form, std::move(meaning), std::move(remark));
}

/// Tells that `entry` is no key of `where`, and which of `known` was meant.
void unknown_key(const Entry& entry, const std::string& where, const std::vector<std::string>& known, Reading&);

template <class Record>
[[nodiscard]] std::vector<std::string> names_of(const std::vector<Key<Record>>& keys) {
  std::vector<std::string> names;
  names.reserve(keys.size());
  for (const auto& key : keys) names.push_back(key.name);
  return names;
}

/// A table that is one record, with a `place`: a rule, a tag.
template <class Record>
[[nodiscard]] Form<Record> record(const std::vector<Key<Record>>& keys, const std::string& wanted) {
  const auto read = [keys, names = names_of(keys), wanted](const Node& node,
                                                           Reading& reading) -> std::optional<Record> {
    const auto* table = node.as<Node::Table>();
    if (table == nullptr) return reading.wrong_type(node, wanted), std::nullopt;
    Record out;
    out.place = node.place;
    const std::string around = reading.key;
    for (const Entry& entry : *table) {
      const auto key = std::ranges::find(keys, entry.key, &Key<Record>::name);
      reading.key = around + "." + entry.key;
      key == keys.end() ? unknown_key(entry, around, names, reading) : key->read(entry.node, reading, out);
    }
    reading.key = around;
    for (const auto& key : keys) {
      const bool there = std::ranges::find(*table, key.name, &Entry::key) != table->end();
      if (!there && key.remark.required) {
        reading.problem(node.place, around + " lacks " + key.name, "write " + key.name + " = " + key.remark.example);
      }
    }
    return out;
  };
  const auto show = [keys](const Record& value) {
    std::string shown;
    for (const auto& key : keys) shown += (shown.empty() ? "" : ", ") + key.name + " = " + key.show(value);
    return "{ " + shown + " }";
  };
  return {wanted, read, show};
}

/// Any number of such tables. `wanted`: how they are written.
template <class Record>
[[nodiscard]] Form<std::vector<Record>> records(const std::vector<Key<Record>>& keys, const std::string& wanted) {
  const Form<std::vector<Record>> tables = list(record(keys, wanted), 0, Twice::allowed);
  const auto read = [=](const Node& node, Reading& reading) -> std::optional<std::vector<Record>> {
    if (node.as<Node::List>() != nullptr) return tables.read(node, reading);
    reading.wrong_type(node, wanted);
    return std::nullopt;
  };
  return {wanted, read, tables.show};
}

}  // namespace zegel::config
