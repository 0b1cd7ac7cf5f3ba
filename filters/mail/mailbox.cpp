#include "mail/mailbox.h"

#include <array>

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include "core/text.h"

namespace zegel::mail {

namespace {

constexpr std::size_t longest_local = 64;    // RFC 5321 4.5.3.1.1
constexpr std::size_t longest_path = 254;    // RFC 5321 4.5.3.1.3, without the angle brackets
constexpr std::size_t longest_input = 1024;  // a domain may grow or shrink when it becomes A-labels

/// atext of RFC 5322 3.2.3; octets of UTF-8 as RFC 6531 3.3 lets them in.
constexpr bool is_atom_octet(char c) {
  constexpr std::string_view marks = "!#$%&'*+-/=?^_`{|}~";
  return text::is_alnum(c) || marks.contains(c) || static_cast<unsigned char>(c) >= 0x80;
}

bool is_dot_string(std::string_view local) {
  bool after_dot = true;
  for (const char c : local) {
    if (c == '.' ? after_dot : !is_atom_octet(c)) return false;
    after_dot = c == '.';
  }
  return !after_dot;
}

/// Characters that have no business in a name: controls, line ends, and those that turn the writing direction.
bool is_unseemly(UChar32 c) {
  const auto category = static_cast<UCharCategory>(u_charType(c));
  return category == U_CONTROL_CHAR || category == U_LINE_SEPARATOR || category == U_PARAGRAPH_SEPARATOR ||
         u_hasBinaryProperty(c, UCHAR_BIDI_CONTROL) != 0;
}

bool is_seemly(std::string_view utf8) {
  const auto size = static_cast<std::int32_t>(utf8.size());
  for (std::int32_t i = 0; i < size;) {
    UChar32 c = 0;
    U8_NEXT(utf8.data(), i, size, c);  // NOLINT(bugprone-inc-dec-in-conditions): the macro of ICU
    if (c < 0 || is_unseemly(c)) return false;
  }
  return true;
}

struct Halves {
  std::string local;
  std::string_view domain;
};

/// `"a b"@x.nl`: takes the quotes and backslashes away (Quoted-string of RFC 5321 4.1.2).
Result<Halves> split_quoted(std::string_view text) {
  Halves out;
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == '"') {
      if (i + 1 >= text.size() || text[i + 1] != '@')
        return fail("no @ after the quoted local part", "no @ after the quoted local part");
      out.domain = text.substr(i + 2);
      return out;
    }
    if (text[i] == '\\') ++i;
    if (i == text.size()) break;
    out.local += text[i];
  }
  return fail("a quote is left open in the address", "a quote is left open in the address");
}

Result<Halves> split_plain(std::string_view text) {
  const std::size_t at = text.rfind('@');
  if (at == std::string_view::npos) return fail("no @ in the address", "no @ in the address");
  Halves out{std::string(text.substr(0, at)), text.substr(at + 1)};
  if (!is_dot_string(out.local)) return fail("malformed local part", "malformed local part");
  return out;
}

/// Error: a local part that a next hop might take for a route of its own.
Result<void> check_local(std::string_view local) {
  if (local.empty()) return fail("empty local part", "empty local part");
  if (local.size() > longest_local) return fail("local part over 64 octets", "local part over 64 octets");
  if (!text::is_utf8(local) || !is_seemly(local)) {
    return fail("unallowed characters in the local part", "unallowed characters in the local part");
  }
  if (local.find_first_of("%!@") != std::string_view::npos) {
    return fail("routing in the local part (%, ! or @)", "routing in the local part is not accepted");
  }
  return {};
}

}  // namespace

std::string Mailbox::address() const {
  if (is_dot_string(local)) return local + "@" + domain;
  std::string out = "\"";
  for (const char c : local) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"@" + domain;
}

bool Mailbox::needs_utf8() const { return !text::is_ascii(local); }

std::string folded(const Mailbox& mailbox) { return Mailbox{text::lower(mailbox.local), mailbox.domain}.address(); }

Result<Mailbox> parse_mailbox(std::string_view text) {
  if (text.empty()) return fail("empty address", "empty address");
  if (text.size() > longest_input) return fail("address too long", "address too long");
  if (text.front() == '@') return fail("source route", "source routes are not accepted");
  auto halves = text.front() == '"' ? split_quoted(text) : split_plain(text);
  if (!halves) return std::unexpected(halves.error());
  if (auto sound = check_local(halves->local); !sound) return std::unexpected(sound.error());
  auto domain = parse_domain(halves->domain);
  if (!domain) return std::unexpected(domain.error());
  Mailbox mailbox{std::move(halves->local), std::move(*domain)};
  if (mailbox.address().size() > longest_path) return fail("address too long", "address too long");
  return mailbox;
}

}  // namespace zegel::mail
