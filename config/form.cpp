#include "config/form.h"

#include "core/text.h"

namespace zegel::config {

namespace {

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }

std::string size_text(std::uint64_t octets) {
  static constexpr std::pair<unsigned, const char*> units[] = {{30, " GB"}, {20, " MB"}, {10, " KB"}};
  for (const auto& [shift, name] : units) {
    if (octets != 0 && octets >> shift << shift == octets) return std::to_string(octets >> shift) + name;
  }
  return std::to_string(octets);
}

/// A string that is checked by `fits`: nothing, or why not.
Form<std::string> checked_text(const std::string& wanted, const std::function<std::string(std::string_view)>& why_not) {
  const auto read = [=](const Node& node, Reading& reading) -> std::optional<std::string> {
    const auto* written = node.as<std::string>();
    if (written == nullptr) return reading.wrong_type(node, wanted), std::nullopt;
    const std::string why = why_not(*written);
    if (why.empty()) return *written;
    reading.problem(node.place, reading.key + " " + why, "write " + wanted);
    return std::nullopt;
  };
  return {wanted, read, [](const std::string& value) { return quote(value); }};
}

std::string no_line(std::string_view written) {
  return std::ranges::any_of(written, is_control) ? "has control characters or more than one line" : "";
}

}  // namespace

std::string quote(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += is_control(c) ? '?' : c;
  }
  return out + "\"";
}

std::string alternatives(const std::vector<std::string_view>& words) {
  std::string out;
  for (std::size_t i = 0; i < words.size(); ++i) {
    out += (i == 0 ? "" : i + 1 == words.size() ? " or " : ", ") + quote(words[i]);
  }
  return out;
}

void bad_word(const Node& node, Reading& reading, const std::string& word,
              const std::vector<std::string_view>& allowed) {
  const std::string_view meant = text::nearest(word, allowed);
  const std::string hint = meant.empty() ? "" : "did you mean " + quote(meant) + "? ";
  reading.problem(node.place, reading.key + " cannot be " + quote(word), hint + "allowed: " + alternatives(allowed));
}

Form<bool> flag() {
  const auto read = [](const Node& node, Reading& reading) -> std::optional<bool> {
    if (const auto* value = node.as<bool>()) return *value;
    reading.wrong_type(node, "true or false, without quotes");
    return std::nullopt;
  };
  return {"true or false", read, [](const bool& value) { return std::string(value ? "true" : "false"); }};
}

Form<std::string> text() { return checked_text("a text on one line, in quotes", no_line); }

Form<std::string> some_text() {
  return checked_text("a text on one line, in quotes", [](std::string_view written) {
    return text::trim(written).empty() ? std::string("is empty") : no_line(written);
  });
}

Form<std::uint32_t> number(std::uint32_t from, std::uint32_t to) {
  const std::string wanted = "a whole number from " + std::to_string(from) + " to " + std::to_string(to);
  const auto read = [=](const Node& node, Reading& reading) -> std::optional<std::uint32_t> {
    const auto* value = node.as<std::int64_t>();
    if (value == nullptr) return reading.wrong_type(node, wanted + ", without quotes"), std::nullopt;
    if (*value >= from && *value <= to) return static_cast<std::uint32_t>(*value);
    reading.problem(node.place, reading.key + " cannot be " + std::to_string(*value), "write " + wanted);
    return std::nullopt;
  };
  return {wanted, read, [](const std::uint32_t& value) { return std::to_string(value); }};
}

namespace {

std::optional<double> fraction(const Node& node) {
  const auto* whole = node.as<std::int64_t>();
  const auto* part = node.as<double>();
  if (whole == nullptr && part == nullptr) return std::nullopt;
  const double value = whole != nullptr ? static_cast<double>(*whole) : *part;
  return value >= -10 && value <= 10 ? std::optional(value) : std::nullopt;
}

}  // namespace

Form<std::vector<Weight>> weights() {
  const std::string wanted = "a table of fractions from -10 to 10, as in { swap = 0.32 }";
  const auto read = [=](const Node& node, Reading& reading) -> std::optional<std::vector<Weight>> {
    const auto* table = node.as<Node::Table>();
    if (table == nullptr) return reading.wrong_type(node, wanted), std::nullopt;
    std::vector<Weight> all;
    for (const Entry& entry : *table) {
      if (const auto value = fraction(entry.node)) {
        all.push_back({entry.key, *value, entry.place});
      } else {
        reading.problem(entry.node.place, reading.key + "." + entry.key + " is not such a fraction", "write " + wanted);
      }
    }
    return all;
  };
  const auto show = [](const std::vector<Weight>& all) {
    std::string shown;
    for (const Weight& weight : all) {
      std::array<char, 32> text{};
      std::snprintf(text.data(), text.size(), "%.4g", weight.value);
      shown += (shown.empty() ? " " : ", ") + weight.name + " = " + text.data();
    }
    return "{" + shown + (shown.empty() ? "}" : " }");
  };
  return {wanted, read, show};
}

Form<std::uint64_t> size(std::uint64_t from, std::uint64_t to) {
  const std::string wanted = "a size from \"" + size_text(from) + "\" to \"" + size_text(to) + "\", as in \"50 MB\"";
  const auto read = [=](const Node& node, Reading& reading) -> std::optional<std::uint64_t> {
    const auto* written = node.as<std::string>();
    const auto* bare = node.as<std::int64_t>();
    if (written == nullptr && bare == nullptr) return reading.wrong_type(node, wanted), std::nullopt;
    const auto parsed = text::parse_size(written != nullptr ? *written : std::to_string(*bare));
    if (!parsed) return reading.bad(node, parsed.error().why), std::nullopt;
    if (*parsed >= from && *parsed <= to) return *parsed;
    reading.problem(node.place,
                    reading.key + " cannot be " + (written != nullptr ? quote(*written) : std::to_string(*bare)),
                    "write " + wanted);
    return std::nullopt;
  };
  return {wanted, read, [](const std::uint64_t& value) { return quote(size_text(value)); }};
}

Form<seconds> duration() {
  const std::string wanted = "a time of a second or more, as in \"30m\" (s, m, h, d or w)";
  const auto read = [=](const Node& node, Reading& reading) -> std::optional<seconds> {
    const auto* written = node.as<std::string>();
    if (written == nullptr) return reading.wrong_type(node, wanted), std::nullopt;
    const auto parsed = parse_duration(*written);
    if (!parsed) return reading.bad(node, parsed.error().why), std::nullopt;
    if (*parsed > seconds(0)) return *parsed;
    reading.problem(node.place, reading.key + " cannot be " + quote(*written), "write " + wanted);
    return std::nullopt;
  };
  return {wanted, read, [](const seconds& value) { return quote(duration_text(value)); }};
}

Form<bool> either(std::string_view when_false, std::string_view when_true) {
  const std::vector allowed = {when_false, when_true};
  const std::string wanted = alternatives(allowed);
  const auto read = [=](const Node& node, Reading& reading) -> std::optional<bool> {
    const auto* written = node.as<std::string>();
    if (written == nullptr) return reading.wrong_type(node, wanted), std::nullopt;
    if (*written == when_false || *written == when_true) return *written == when_true;
    bad_word(node, reading, *written, allowed);
    return std::nullopt;
  };
  return {wanted, read, [=](const bool& value) { return quote(value ? when_true : when_false); }};
}

Form<std::vector<Method>> ladder() {
  Form<std::vector<Method>> form = list(word<Method>(), 1);
  const auto read = [form](const Node& node, Reading& reading) -> std::optional<std::vector<Method>> {
    auto methods = form.read(node, reading);
    const auto clear = methods ? std::ranges::find(*methods, Method::clear) : std::vector<Method>::iterator();
    if (!methods || clear == methods->end() || clear + 1 == methods->end()) return methods;
    reading.problem(node.place, reading.key + " has methods after \"clear\", which are never reached",
                    "put \"clear\" last, or take it out");
    return std::nullopt;
  };
  return {form.wanted, read, form.show};
}

}  // namespace zegel::config
