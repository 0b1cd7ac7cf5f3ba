#include "smtp/parameters.h"

#include <array>
#include <charconv>
#include <functional>
#include <vector>

#include "core/text.h"
#include "smtp/xtext.h"

namespace zegel::smtp {
namespace {

struct Parameter {
  std::string name;  // upper case
  std::string_view value;
  bool has_value = false;
};

enum class Taken { yes, malformed, unknown };

Reply refusal(Taken taken, const std::string& name) {
  return taken == Taken::unknown ? Reply{555, "5.5.4", "parameter " + name + " is not supported"}
                                 : Reply{501, "5.5.4", "malformed parameter " + name};
}

Parameter split_parameter(std::string_view word) {
  const std::size_t equals = word.find('=');
  if (equals == std::string_view::npos) return {text::upper(word), {}, false};
  return {text::upper(word.substr(0, equals)), word.substr(equals + 1), true};
}

/// Calls `take` for each parameter; each may be there once.
std::optional<Reply> for_each_parameter(std::string_view all, const std::function<Taken(const Parameter&)>& take) {
  std::vector<std::string> seen;
  for (const std::string_view word : text::split(all, ' ')) {
    if (word.empty()) continue;
    const Parameter parameter = split_parameter(word);
    for (const std::string& before : seen) {
      if (before == parameter.name) return Reply{501, "5.5.4", "parameter " + parameter.name + " is given twice"};
    }
    const Taken taken = take(parameter);
    if (taken != Taken::yes) return refusal(taken, parameter.name);
    seen.push_back(parameter.name);
  }
  return std::nullopt;
}

Taken malformed_unless(bool good) { return good ? Taken::yes : Taken::malformed; }

/// RFC 1870 5: up to 20 digits.
bool take_size(std::string_view value, std::optional<std::uint64_t>& size) {
  if (value.empty() || value.size() > 20) return false;
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (end != value.data() + value.size()) return false;
  size = error == std::errc() ? number : UINT64_MAX;
  return true;
}

bool take_body(std::string_view value, bool& body_8bit) {
  body_8bit = text::equal_folded(value, "8BITMIME");
  return body_8bit || text::equal_folded(value, "7BIT");
}

bool take_envelope_id(std::string_view value, std::string& envelope_id) {
  constexpr std::size_t longest = 100;  // RFC 3461 4.4
  if (value.empty() || value.size() > longest) return false;
  const auto decoded = decode_xtext(value);
  if (!decoded || !text::is_ascii(*decoded)) return false;
  envelope_id = *decoded;
  return true;
}

Taken take_mail(const Parameter& parameter, MailParameters& out) {
  const std::string& name = parameter.name;
  const std::string_view value = parameter.value;
  if (name == "SIZE") return malformed_unless(take_size(value, out.size));
  if (name == "BODY") return malformed_unless(take_body(value, out.body_8bit));
  if (name == "SMTPUTF8") return malformed_unless(!parameter.has_value && (out.smtputf8 = true));
  if (name == "RET") return malformed_unless(text::equal_folded(value, "FULL") || text::equal_folded(value, "HDRS"));
  if (name == "ENVID") return malformed_unless(take_envelope_id(value, out.envelope_id));
  if (name == "AUTH") return malformed_unless(decode_xtext(value).has_value() && !value.empty());
  return Taken::unknown;
}

/// RFC 3461 4.1: NEVER alone, or a list.
bool take_notify(std::string_view value, mail::Notify& notify) {
  notify.given = true;
  if (text::equal_folded(value, "NEVER")) return notify.never = true;
  for (const std::string_view word : text::split(value, ',')) {
    bool* flag = text::equal_folded(word, "SUCCESS")   ? &notify.success
                 : text::equal_folded(word, "FAILURE") ? &notify.failure
                 : text::equal_folded(word, "DELAY")   ? &notify.delay
                                                       : nullptr;
    if (flag == nullptr || *flag) return false;
    *flag = true;
  }
  return true;
}

/// `jörg` as `j\x{F6}rg`: how a report in ASCII, and a next hop without SMTPUTF8, can have it (RFC 6533 3).
std::string in_ascii(std::string_view utf8) {
  std::string out;
  for (std::size_t i = 0; i < utf8.size();) {
    const auto lead = static_cast<unsigned char>(utf8[i]);
    const std::size_t octets = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    if (octets == 1) {
      out += utf8[i];
    } else {
      unsigned point = lead & (0xFFU >> (octets + 1));
      for (std::size_t k = 1; k < octets; ++k) point = point << 6 | (static_cast<unsigned char>(utf8[i + k]) & 0x3FU);
      std::array<char, 8> hex{};
      const auto end = std::to_chars(hex.data(), hex.data() + hex.size(), point, 16).ptr;
      out += "\\x{" + text::upper({hex.data(), end}) + "}";
    }
    i += octets;
  }
  return out;
}

/// The type utf-8 may be written as it is, too (RFC 6533 3).
std::optional<std::string> decode_address(std::string_view type, std::string_view address) {
  if (type != "utf-8") return decode_xtext(address);
  return text::is_utf8(address) ? decode_xtext(in_ascii(address)) : std::nullopt;
}

/// RFC 3461 4.2: `addr-type ";" xtext`.
bool take_original(std::string_view value, std::string& original) {
  constexpr std::size_t longest = 500;
  const std::size_t semicolon = value.find(';');
  if (value.size() > longest || semicolon == 0 || semicolon == std::string_view::npos) return false;
  for (const char c : value.substr(0, semicolon)) {
    if (!text::is_alnum(c) && c != '-') return false;
  }
  const std::string type = text::lower(value.substr(0, semicolon));
  const auto decoded = decode_address(type, value.substr(semicolon + 1));
  if (!decoded || decoded->empty() || type.size() + decoded->size() >= longest) return false;
  original = type + ";" + *decoded;
  return true;
}

Taken take_rcpt(const Parameter& parameter, RcptParameters& out) {
  if (parameter.name == "NOTIFY") return malformed_unless(take_notify(parameter.value, out.notify));
  if (parameter.name == "ORCPT") return malformed_unless(take_original(parameter.value, out.original));
  return Taken::unknown;
}

}  // namespace

std::expected<MailParameters, Reply> parse_mail_parameters(std::string_view all) {
  MailParameters out;
  if (const auto bad = for_each_parameter(all, [&](const Parameter& one) { return take_mail(one, out); })) {
    return std::unexpected(*bad);
  }
  return out;
}

std::expected<RcptParameters, Reply> parse_rcpt_parameters(std::string_view all) {
  RcptParameters out;
  if (const auto bad = for_each_parameter(all, [&](const Parameter& one) { return take_rcpt(one, out); })) {
    return std::unexpected(*bad);
  }
  return out;
}

}  // namespace zegel::smtp
