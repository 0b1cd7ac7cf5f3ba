#pragma once

#include <algorithm>
#include <functional>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "config/reading.h"
#include "core/terms.h"

/// How values of one type are written in a config. A Form reads, shows and describes them; small forms make big ones:
/// `list(word<Method>())`. Reading never throws: what is wrong goes to the Reading, and nothing comes back.
namespace zegel::config {

template <class T>
struct Form {
  std::string wanted;  ///< what a person shall write: `a size, as in "50 MB"`
  std::function<std::optional<T>(const Node&, Reading&)> read;
  std::function<std::string(const T&)> show;  ///< as TOML; what `read` takes
};

/// `"x"` with TOML's escapes.
[[nodiscard]] std::string quote(std::string_view text);
/// `"a", "b" or "c"`.
[[nodiscard]] std::string alternatives(const std::vector<std::string_view>& words);
/// Tells that `word` is none of `allowed`, and which one was meant, if one resembles it.
void bad_word(const Node&, Reading&, const std::string& word, const std::vector<std::string_view>& allowed);

// --- single values -------------------------------------------------------------------------------------------------

[[nodiscard]] Form<bool> flag();
/// One line without control characters; empty means none.
[[nodiscard]] Form<std::string> text();
/// As text, but not empty.
[[nodiscard]] Form<std::string> some_text();
[[nodiscard]] Form<std::uint32_t> number(std::uint32_t from, std::uint32_t to);
/// Octets; a bare number counts octets too.
[[nodiscard]] Form<std::uint64_t> size(std::uint64_t from, std::uint64_t to);
/// At least a second.
[[nodiscard]] Form<seconds> duration();
/// A table of fractions from -10 to 10.
[[nodiscard]] Form<std::vector<Weight>> weights();
/// One of two words for false and true.
[[nodiscard]] Form<bool> either(std::string_view when_false, std::string_view when_true);

// --- addresses (address.h) -----------------------------------------------------------------------------------------

[[nodiscard]] Form<std::string> domain();
/// A machine's name; empty means none.
[[nodiscard]] Form<std::string> host();
[[nodiscard]] Form<HostPort> host_port();
[[nodiscard]] Form<HostPort> listen_at();
[[nodiscard]] Form<Network> network();
[[nodiscard]] Form<Pattern> pattern();

// --- files ---------------------------------------------------------------------------------------------------------

/// What a path must lead to when the config names it. Empty means none; what comes out is absolute.
enum class Target {
  file,         ///< readable
  secret,       ///< readable, but not by everyone
  folder,       ///< a folder
  program,      ///< executable
  made_secret,  ///< as secret, but Zegel makes it when it is not there
  made,         ///< Zegel makes it; only the folder around it must be there (told by find_conflicts)
};
[[nodiscard]] Form<std::string> path(Target);
/// As path, but not empty. `may_lack`: the default, which counts as empty when it is not there.
[[nodiscard]] Form<std::string> some_path(Target, const std::string& may_lack = {});
/// `host:port`, or the path of a Unix socket.
[[nodiscard]] Form<std::string> host_port_or_socket();

// --- words ---------------------------------------------------------------------------------------------------------

/// One of an enumeration's words, but for those in `except`.
template <class E>
[[nodiscard]] Form<E> word(const std::vector<E>& except = {}) {
  std::vector<std::string_view> allowed;
  for (const auto& candidate : words(E{})) {
    if (std::ranges::find(except, candidate.value) == except.end()) allowed.push_back(candidate.text);
  }
  const std::string wanted = alternatives(allowed);
  const auto read = [=](const Node& node, Reading& reading) -> std::optional<E> {
    const auto* written = node.as<std::string>();
    if (written == nullptr) return reading.wrong_type(node, wanted), std::nullopt;
    if (std::ranges::find(allowed, *written) != allowed.end()) return from_text<E>(*written);
    bad_word(node, reading, *written, allowed);
    return std::nullopt;
  };
  return {wanted, read, [](const E& value) { return quote(to_text(value)); }};
}

// --- made of others ------------------------------------------------------------------------------------------------

enum class Twice { refused, allowed };

/// At least `at_least` values.
template <class T>
[[nodiscard]] Form<std::vector<T>> list(const Form<T>& of, std::size_t at_least = 0, Twice twice = Twice::refused) {
  const auto show = [of](const std::vector<T>& values) {
    std::string shown;
    for (const T& value : values) shown += (shown.empty() ? "" : ", ") + of.show(value);
    return "[" + shown + "]";
  };
  const std::string wanted = "a list in [ ], each item " + of.wanted;
  const auto read = [=](const Node& node, Reading& reading) -> std::optional<std::vector<T>> {
    const auto* nodes = node.as<Node::List>();
    if (nodes == nullptr) return reading.wrong_type(node, wanted), std::nullopt;
    if (nodes->size() < at_least)
      return reading.problem(node.place, reading.key + " is empty", "write " + wanted), std::nullopt;
    std::vector<T> values;
    std::set<std::string> seen;
    for (const Node& element : *nodes) {
      auto value = of.read(element, reading);
      if (!value) continue;
      if (!seen.insert(of.show(*value)).second && twice == Twice::refused) {
        reading.problem(element.place, reading.key + " has " + of.show(*value) + " twice", "take one out");
        continue;
      }
      values.push_back(std::move(*value));
    }
    return values;
  };
  return {wanted, read, show};
}

/// A list, or one value without the brackets.
template <class T>
[[nodiscard]] Form<std::vector<T>> one_or_more(const Form<T>& of) {
  Form<std::vector<T>> many = list(of, 1);
  const auto read = [of, many](const Node& node, Reading& reading) -> std::optional<std::vector<T>> {
    if (node.as<Node::List>() != nullptr) return many.read(node, reading);
    auto value = of.read(node, reading);
    return value ? std::optional(std::vector<T>{std::move(*value)}) : std::nullopt;
  };
  return {of.wanted + ", or a list of such in [ ]", read, many.show};
}

/// A value that may be left out; `""` says so out loud (`0` where a number is wanted).
template <class T>
[[nodiscard]] Form<std::optional<T>> maybe(const Form<T>& of) {
  const auto read = [of](const Node& node, Reading& reading) -> std::optional<std::optional<T>> {
    const auto* text = node.as<std::string>();
    const auto* number = node.as<std::int64_t>();
    if ((text != nullptr && text->empty()) || (number != nullptr && *number == 0)) return std::optional<T>();
    auto value = of.read(node, reading);
    if (!value) return std::nullopt;
    return std::optional<std::optional<T>>(std::in_place, std::move(value));
  };
  const std::string nothing = std::is_integral_v<T> ? "0" : "\"\"";
  return {of.wanted, read, [of, nothing](const std::optional<T>& value) { return value ? of.show(*value) : nothing; }};
}

/// A value that is there only when its key is: a rule that leaves it out says nothing about it.
template <class T>
[[nodiscard]] Form<std::optional<T>> given(const Form<T>& of) {
  const auto read = [of](const Node& node, Reading& reading) -> std::optional<std::optional<T>> {
    auto value = of.read(node, reading);
    if (!value) return std::nullopt;
    return std::optional<std::optional<T>>(std::in_place, std::move(value));
  };
  return {of.wanted, read, [of](const std::optional<T>& value) { return value ? of.show(*value) : std::string(); }};
}

/// The methods of protect, a rule or a tag, in the order in which they are tried.
[[nodiscard]] Form<std::vector<Method>> ladder();

}  // namespace zegel::config
