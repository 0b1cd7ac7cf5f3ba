#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "config/load.h"
#include "config/settings.h"

namespace zegel::config {

struct Entry;

/// One value of a TOML document, and where it stands.
struct Node {
  /// A date: no key of ours takes one.
  struct Other {
    std::string_view type;
  };
  using List = std::vector<Node>;
  using Table = std::vector<Entry>;

  Place place;
  std::variant<Other, bool, std::int64_t, double, std::string, List, Table> value;

  template <class T>
  [[nodiscard]] const T* as() const {
    return std::get_if<T>(&value);
  }
  /// `a string`, `a list`, …: what a person wrote, for "wrong type" problems.
  [[nodiscard]] std::string_view type() const;
};

/// `key = value`, in the file's order.
struct Entry {
  std::string key;
  Place place;
  Node node;
};

/// The document as plain values: the one place that knows toml++. Bounded: at most 256 levels deep.
/// Error: the first thing that is not TOML, with its place.
[[nodiscard]] std::expected<Node, Problem> parse_tree(std::string_view toml, const std::string& file);

}  // namespace zegel::config
