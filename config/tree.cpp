#include "config/tree.h"

#include <algorithm>

#define TOML_EXCEPTIONS 0
#include <toml++/toml.h>

#include "config/reading.h"

namespace zegel::config {

namespace {

/// Turns toml++'s nodes into ours.
class Copier {
 public:
  explicit Copier(const std::string& file) : file_(file) {}

  [[nodiscard]] Place place(const toml::source_region& region) const {
    return {file_, region.begin.line, region.begin.column};
  }

  // Recursion is bounded by toml++'s own limit of nested values.
  [[nodiscard]] Node node(const toml::node& from) const {  // NOLINT(misc-no-recursion)
    Node to{place(from.source()), Node::Other{"a value"}};
    if (const auto* table = from.as_table()) to.value = entries(*table);
    if (const auto* list = from.as_array()) to.value = elements(*list);
    if (const auto* text = from.as_string()) to.value = text->get();
    if (const auto* number = from.as_integer()) to.value = number->get();
    if (const auto* flag = from.as_boolean()) to.value = flag->get();
    if (const auto* fraction = from.as_floating_point()) to.value = fraction->get();
    if (from.is_date() || from.is_time() || from.is_date_time()) to.value = Node::Other{"a date or time"};
    return to;
  }

 private:
  [[nodiscard]] Node::Table entries(const toml::table& from) const {  // NOLINT(misc-no-recursion)
    Node::Table to;
    for (const auto& [key, value] : from) { to.push_back({std::string(key.str()), place(key.source()), node(value)}); }
    std::ranges::sort(to, {}, [](const Entry& entry) { return std::pair(entry.place.line, entry.place.column); });
    return to;
  }

  [[nodiscard]] Node::List elements(const toml::array& from) const {  // NOLINT(misc-no-recursion)
    Node::List to;
    for (const auto& value : from) to.push_back(node(value));
    return to;
  }

  const std::string& file_;
};

}  // namespace

std::string_view Node::type() const {
  if (const auto* other = as<Other>()) return other->type;
  static constexpr std::string_view names[] = {"",         "true or false", "a number", "a fraction",
                                               "a string", "a list",        "a table"};
  return names[value.index()];
}

std::expected<Node, Problem> parse_tree(std::string_view toml, const std::string& file) {
  const toml::parse_result result = toml::parse(toml);
  const Copier copy(file);
  if (result) return copy.node(result.table());
  return std::unexpected(Problem{copy.place(result.error().source()),
                                 one_line("not TOML: " + std::string(result.error().description())),
                                 "see https://toml.io for how values are written"});
}

}  // namespace zegel::config
