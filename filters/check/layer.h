#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "check/deletes.h"
#include "check/index.h"
#include "check/person_keys.h"
#include "check/tables.h"

namespace zegel::check {

/// One known domain. 16 octets; the text is in the layer's arena.
struct KnownDomain {
  enum Flag : std::uint8_t {
    entry = 1,       ///< a domain entry: everybody there is known
    subdomains = 2,  ///< a `.klant.nl` entry
    provider = 4,    ///< of the shipped list
    people = 8,      ///< persons there are known
  };
  std::uint32_t text = 0;
  std::uint32_t mails = 0;
  std::uint8_t length = 0;
  std::uint8_t suffix = 0;  ///< length of the ending, without its dot
  std::uint8_t label = 0;   ///< length of the registered label
  std::uint8_t flags = 0;
  std::uint8_t source = 0;
};

/// On the shipped list, but the office neither names it nor has written to it.
[[nodiscard]] inline bool is_merely_listed(const KnownDomain& domain) {
  return static_cast<Source>(domain.source) == Source::provider && domain.mails == 0;
}

/// One known person.
struct KnownPerson {
  std::uint32_t local = 0;  ///< in the arena
  std::uint32_t domain = 0;
  std::uint32_t mails = 0;
  std::uint8_t length = 0;
  std::uint8_t source = 0;
};

/// A compact, immutable part of an index.
class Layer {
 public:
  /// Adds up what is given more than once.
  explicit Layer(const std::vector<Entry>&);

  static constexpr std::uint32_t none = 0xFFFFFFFF;

  /// The domain spelt so, or none.
  [[nodiscard]] std::uint32_t find(std::string_view domain) const;
  [[nodiscard]] const KnownDomain& domain(std::uint32_t number) const { return domains_[number]; }
  [[nodiscard]] std::string_view text(const KnownDomain& d) const {
    return std::string_view(arena_).substr(d.text, d.length);
  }
  [[nodiscard]] std::size_t domain_count() const { return domains_.size(); }

  /// Without those that merely stand on the shipped list: how crowded the neighbourhood is.
  [[nodiscard]] std::size_t weighty_count() const { return weighty_; }

  [[nodiscard]] const KnownPerson* find_person(std::string_view local, std::string_view domain) const;
  /// All that are known at a domain, ordered by local part.
  [[nodiscard]] std::span<const KnownPerson> people(std::uint32_t domain) const;
  [[nodiscard]] std::string_view local(const KnownPerson& p) const {
    return std::string_view(arena_).substr(p.local, p.length);
  }
  [[nodiscard]] std::size_t person_count() const { return people_.size(); }

  [[nodiscard]] const KnownPerson& person(std::uint32_t number) const { return people_[number]; }
  /// Calls `use(number)` for persons at the domain who may resemble the name: more than do, some of them twice.
  template <class Use>
  void persons_like(const PersonName& name, std::uint32_t domain, Use use) const {
    if (people_.empty()) return;
    each_person_key(name, person_reach_, [&](std::uint64_t hash) { near_people_.each(in_domain(hash, domain), use); });
  }
  /// Whether somebody whose address is known is called so.
  [[nodiscard]] bool has_given_name(std::string_view word) const;

  /// Calls `use(number)` for domains that may resemble the squashed name: more than do, sometimes the same again.
  template <class Use>
  void resembling(std::string_view squashed_name, Use use) const {
    near_.each_of<DeleteHashes::most>(DeleteHashes(squashed_name, reach_).all(), use);
  }
  /// Domains under one registered domain (`mail.klant.nl` under `klant.nl`), those whose whole text squashes to the
  /// same, those of one registered label whatever the ending, those of the same hyphenated parts.
  template <class Use>
  void under(std::string_view registered, Use use) const {
    exact_.each(hash_of(registered, 1), use);
  }
  template <class Use>
  void running_together(std::string_view squashed_text, Use use) const {
    exact_.each(hash_of(squashed_text, 2), use);
  }
  template <class Use>
  void of_label(std::string_view label, Use use) const {
    exact_.each(hash_of(label, 4), use);
  }
  template <class Use>
  void of_parts(std::string_view parts, Use use) const {
    exact_.each(hash_of(parts, 3), use);
  }

  /// Calls `use(Entry)` with every entry this was made of, duplicates added up.
  void each(const std::function<void(const Entry&)>& use) const;
  [[nodiscard]] std::size_t entry_count() const;
  [[nodiscard]] std::size_t memory() const;

 private:
  static std::uint64_t in_domain(std::uint64_t hash, std::uint32_t domain) {
    return mix(hash + domain * 0x9E3779B97F4A7C15ULL);
  }
  struct Gathered;
  void take_domains(Gathered&);
  void take_people(Gathered&);
  void build_tables();
  void build_people_tables();
  std::uint32_t store(std::string_view);

  std::string arena_;
  std::vector<KnownDomain> domains_;
  std::vector<KnownPerson> people_;           // ordered by domain, then local part
  std::vector<std::uint32_t> people_starts_;  // by domain number; one more than domains, or empty
  MultiTable by_text_;
  MultiTable by_address_;
  MultiTable exact_;
  SievedTable near_;
  MultiTable near_people_;
  std::vector<std::uint64_t> given_names_;  // hashes, in order
  Reach reach_{2, 12};
  Reach person_reach_{2, 12};
  std::size_t weighty_ = 0;
};

}  // namespace zegel::check
