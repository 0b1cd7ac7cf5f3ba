#pragma once

#include <string>
#include <string_view>

namespace zegel::check {

/// A domain taken apart by the public suffix list: `mail.klant.co.uk` is `mail` · `klant` · `co.uk`. Views into the
/// text it was made of.
struct DomainName {
  std::string_view text;
  std::string_view sub;     ///< without its dot; often empty
  std::string_view label;   ///< empty when the text is itself a public suffix
  std::string_view suffix;  ///< empty when there is no dot at all

  /// `klant.co.uk`: what somebody registered.
  [[nodiscard]] std::string_view registrable() const { return sub.empty() ? text : text.substr(sub.size() + 1); }
  /// `mail.klant`: all but the suffix.
  [[nodiscard]] std::string_view name() const {
    return suffix.empty() ? text : text.substr(0, text.size() - suffix.size() - (text.size() > suffix.size() ? 1 : 0));
  }
};

/// `domain` is in the form of mail::Mailbox::domain, and must outlive the answer. A suffix that is on no list counts as
/// one: `gmail.con` is `gmail` · `con`.
[[nodiscard]] DomainName split_domain(const std::string& domain);

/// Whether the ending is one under which names are really given out: `nl`, `co.uk`, not `con`.
[[nodiscard]] bool is_public_suffix(const std::string& suffix);

/// The same without the suffixes that private companies listed (`github.io`): under which everybody may register.
[[nodiscard]] bool is_registry_suffix(const std::string& suffix);

/// Without dots, hyphens and underscores: what is left when people forget or move them.
[[nodiscard]] std::string squashed(std::string_view);

/// `holland-noord` and `noord-holland` give the same; empty without a hyphen.
[[nodiscard]] std::string sorted_parts(std::string_view label);

}  // namespace zegel::check
