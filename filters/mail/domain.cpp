#include <algorithm>
#include <memory>
#include <stdexcept>

#include <unicode/bytestream.h>
#include <unicode/idna.h>
#include <unicode/stringpiece.h>

#include "core/text.h"
#include "mail/mailbox.h"

namespace zegel::mail {

namespace {

constexpr std::size_t longest_domain = 253;  // RFC 1035 2.3.4 as text; stricter than RFC 5321 4.5.3.1.2
constexpr std::size_t longest_input = 1024;

/// Immutable once made, and documented as safe between threads.
const icu::IDNA& uts46() {
  static const std::unique_ptr<const icu::IDNA> idna = [] {
    UErrorCode status = U_ZERO_ERROR;
    auto* made = icu::IDNA::createUTS46Instance(
        UIDNA_USE_STD3_RULES | UIDNA_CHECK_BIDI | UIDNA_CHECK_CONTEXTJ | UIDNA_NONTRANSITIONAL_TO_ASCII, status);
    if (U_FAILURE(status)) throw std::runtime_error("ICU has no IDNA data");
    return std::unique_ptr<const icu::IDNA>(made);
  }();
  return *idna;
}

Result<std::string> refused(const char* why) { return fail(why, why); }

/// Let-dig [Ldh-str] of RFC 5321 4.1.2.
bool is_label(std::string_view label) {
  const auto fits = [](char c) { return text::is_alnum(c) || c == '-'; };
  return !label.empty() && label.size() <= 63 && label.front() != '-' && label.back() != '-' &&
         std::ranges::all_of(label, fits);
}

/// Plain ASCII without A-labels, which is nearly every domain, needs no ICU.
bool is_plain(std::string_view domain) {
  const auto labels = text::split(domain, '.');
  return text::is_ascii(domain) &&
         std::ranges::none_of(labels, [](auto label) { return text::starts_with_folded(label, "xn--"); });
}

/// To A-labels; A-labels that are given are checked.
Result<std::string> to_a_labels(std::string_view domain) {
  UErrorCode status = U_ZERO_ERROR;
  icu::IDNAInfo info;
  std::string out;
  icu::StringByteSink<std::string> sink(&out);
  uts46().nameToASCII_UTF8(icu::StringPiece(domain.data(), static_cast<std::int32_t>(domain.size())), sink, info,
                           status);
  if (U_FAILURE(status) || info.hasErrors()) return refused("not a valid internationalised domain");
  return out;
}

}  // namespace

Result<std::string> parse_domain(std::string_view text) {
  if (text.empty()) return refused("empty domain");
  if (text.size() > longest_input) return refused("domain too long");
  if (text.front() == '[') return refused("address literals are not accepted");
  if (!text::is_utf8(text)) return refused("domain is not UTF-8");
  std::string domain(text);
  if (!is_plain(domain)) {
    auto ascii = to_a_labels(domain);
    if (!ascii) return ascii;
    domain = std::move(*ascii);
  }
  if (domain.ends_with('.')) domain.pop_back();
  if (domain.size() > longest_domain) return refused("domain too long");
  const auto labels = text::split(domain, '.');
  if (std::ranges::any_of(labels, [](auto label) { return label.empty(); }))
    return refused("empty label in the domain");
  if (!std::ranges::all_of(labels, is_label)) return refused("malformed domain");
  if (std::ranges::all_of(labels.back(), text::is_digit)) return refused("an IP address is not a domain");
  return text::lower(domain);
}

std::string unicode_domain(std::string_view domain) {
  UErrorCode status = U_ZERO_ERROR;
  icu::IDNAInfo info;
  std::string out;
  icu::StringByteSink<std::string> sink(&out);
  uts46().nameToUnicodeUTF8(icu::StringPiece(domain.data(), static_cast<std::int32_t>(domain.size())), sink, info,
                            status);
  return U_FAILURE(status) || info.hasErrors() ? std::string(domain) : out;
}

}  // namespace zegel::mail
