#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "check/verdict.h"
#include "check/weights.h"
#include "mail/mailbox.h"

namespace zegel::check {

/// Where an entry comes from.
enum class Source : std::uint8_t {
  provider,  ///< the shipped list of mail providers
  file,      ///< an allowlist file
  learned,   ///< mail reached it, or a person confirmed it
  history,   ///< taken over by `zegel allow learn`
};

/// Something known. The texts are folded, domains as A-labels: what mail::parse_domain and mail::folded give.
struct Entry {
  enum class What : std::uint8_t {
    domain,      ///< `klant.nl`: everybody there
    subdomains,  ///< `.klant.nl`: every name under it, written here with the dot
    address,     ///< `jan@klant.nl`: this person; the domain then counts as a domain that mail goes to
  };
  What what = What::domain;
  std::string text;
  std::uint32_t mails = 0;  ///< in the last 90 days
  Source source = Source::file;
  friend bool operator==(const Entry&, const Entry&) = default;
};

class Layer;  // a compact, immutable part of an index; layer.h

/// What is known, arranged for looking up what resembles it. Immutable; a shared_ptr<const Index> may be used by any
/// number of threads. Copying shares. A question takes microseconds and never throws but for lack of memory.
class Index {
 public:
  Index();  ///< knows nothing
  explicit Index(std::vector<std::shared_ptr<const Layer>>, const Weights& = {});

  /// What is to be thought of a recipient. An exact address or a domain entry is `known`; a person at a domain of which
  /// only other persons are known is `unknown` unless one of them is nearly the same.
  [[nodiscard]] Verdict judge(const mail::Mailbox&) const;

  /// The same for a domain alone, in the form of mail::Mailbox::domain.
  [[nodiscard]] Verdict judge_domain(std::string_view domain) const;

  /// For people's input, an address or a domain that may be anything: `gmail,com`, `jan@gmail..com`, U-labels, invalid
  /// UTF-8, megabytes. What cannot be mended into an address or a domain is unknown.
  [[nodiscard]] Verdict judge_text(std::string_view line) const;

  /// Whether exactly this entry is known: `klant.nl`, `.klant.nl`, `jan@klant.nl`, folded.
  [[nodiscard]] bool has(std::string_view entry) const;

  /// Domains, patterns and addresses together.
  [[nodiscard]] std::size_t size() const;
  /// Octets that the tables take.
  [[nodiscard]] std::size_t memory() const;
  /// Every entry; order unspecified. One that was learned lately may come twice, its mails then add up.
  void each(const std::function<void(const Entry&)>&) const;

  /// The layers, the big one first; for KnownRecipients.
  [[nodiscard]] const std::vector<std::shared_ptr<const Layer>>& layers() const { return layers_; }
  [[nodiscard]] const Weights& weights() const { return weights_; }

 private:
  [[nodiscard]] Verdict judge_address(std::string_view folded_address) const;
  [[nodiscard]] bool covers(std::string_view domain) const;  ///< a domain or subdomain entry does

  std::vector<std::shared_ptr<const Layer>> layers_;  // the big one first
  Weights weights_;
};

/// Collects entries and makes an index of them. Time and space linear: five to eight seconds for a million domains.
class IndexBuilder {
 public:
  explicit IndexBuilder(const Weights& = {});
  ~IndexBuilder();
  IndexBuilder(IndexBuilder&&) noexcept;
  IndexBuilder& operator=(IndexBuilder&&) noexcept;

  /// The same text again adds its mails. Entries that are not well-formed are left out: false.
  bool add(const Entry&);
  /// `klant.nl`, `.klant.nl` or `jan@klant.nl` as mail::parse_* give them.
  bool add(std::string_view text, std::uint32_t mails, Source);
  /// The shipped mail providers, with the endings they really have.
  void add_providers();

  /// The builder is empty afterwards.
  [[nodiscard]] std::shared_ptr<const Index> build();

 private:
  struct Collected;
  std::unique_ptr<Collected> collected_;
  Weights weights_;
};

}  // namespace zegel::check
