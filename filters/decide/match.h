#pragma once

#include <compare>
#include <optional>
#include <span>
#include <string>

#include "config/settings.h"
#include "mail/mailbox.h"

/// Which rule speaks for a sender and a recipient.
namespace zegel::decide {

/// An address, taken apart once for matching it with many patterns. The null reverse-path matches only `*`.
struct Subject {
  Subject() = default;
  explicit Subject(const mail::Mailbox& mailbox) : address(mail::folded(mailbox)), domain(mailbox.domain) {}

  std::string address;  ///< folded; empty for `<>`
  std::string domain;
};

/// How closely a pattern fits: mailbox over domain over subdomains over `*`; of two subdomain patterns the longer.
struct Fit {
  config::Pattern::Kind kind = config::Pattern::Kind::any;
  std::size_t length = 0;
  friend auto operator<=>(const Fit&, const Fit&) = default;
};

/// Nothing: it does not match.
[[nodiscard]] std::optional<Fit> fit(const config::Pattern&, const Subject&);

/// The pattern that fits most closely.
struct Best {
  Fit fit;
  const config::Pattern* pattern = nullptr;  ///< null: none matches
  explicit operator bool() const { return pattern != nullptr; }
};
[[nodiscard]] Best best(std::span<const config::Pattern>, const Subject&);

/// A rule and the patterns by which it matches.
struct Match {
  const config::Rule* rule = nullptr;  ///< null: no rule matches
  Best to;
  Best from;
  explicit operator bool() const { return rule != nullptr; }
};

[[nodiscard]] Match match(const config::Rule&, const Subject& from, const Subject& to);

/// Whether `a` goes before `b`, which was written before it: by `to`, then by `from`.
[[nodiscard]] bool beats(const Match& a, const Match& b);

/// The rule that speaks. Points into `rules`.
[[nodiscard]] Match choose(std::span<const config::Rule> rules, const Subject& from, const Subject& to);

}  // namespace zegel::decide
