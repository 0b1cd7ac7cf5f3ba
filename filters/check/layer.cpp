#include "check/layer.h"

#include <algorithm>
#include <limits>
#include <tuple>
#include <utility>

#include "check/domain_name.h"
#include "check/folding.h"

namespace zegel::check {

namespace {

std::uint32_t sum(std::uint32_t a, std::uint32_t b) {
  return a > std::numeric_limits<std::uint32_t>::max() - b ? std::numeric_limits<std::uint32_t>::max() : a + b;
}

std::uint64_t address_hash(std::string_view local, std::uint32_t domain) { return hash_of(local, domain + 17ULL); }

}  // namespace

/// Entries in the making: views into those that were given.
struct Layer::Gathered {
  struct Domain {
    std::string_view text;
    std::uint32_t mails;
    std::uint8_t flags;
    std::uint8_t source;
  };
  struct Person {
    std::string_view domain, local;
    std::uint32_t mails;
    std::uint8_t source;
  };
  std::vector<Domain> domains;
  std::vector<Person> people;

  void take(const Entry& entry) {
    const std::string_view text = entry.text;
    const auto source = static_cast<std::uint8_t>(entry.source);
    const auto provider = entry.source == Source::provider ? KnownDomain::provider : 0;
    switch (entry.what) {
      case Entry::What::domain:
        domains.push_back({text, entry.mails, static_cast<std::uint8_t>(KnownDomain::entry | provider), source});
        break;
      case Entry::What::subdomains:
        domains.push_back({text.substr(1), entry.mails, KnownDomain::subdomains, source});
        break;
      case Entry::What::address: {
        const auto at = text.rfind('@');
        domains.push_back({text.substr(at + 1), entry.mails, KnownDomain::people, source});
        people.push_back({text.substr(at + 1), text.substr(0, at), entry.mails, source});
      }
    }
  }
};

Layer::Layer(const std::vector<Entry>& entries) {
  Gathered gathered;
  gathered.domains.reserve(entries.size());
  for (const auto& entry : entries) gathered.take(entry);
  take_domains(gathered);
  by_text_.build([&](auto emit) {
    for (std::uint32_t i = 0; i < domains_.size(); ++i) emit(hash_of(text(domains_[i])), i);
  });
  take_people(gathered);
  arena_.shrink_to_fit();
  build_tables();
  build_people_tables();
}

std::uint32_t Layer::store(std::string_view text) {
  const auto at = static_cast<std::uint32_t>(arena_.size());
  arena_ += text;
  return at;
}

namespace {

/// Of what is given twice, the most deliberate source counts: a person's, then a history, then our own list.
int by_chance(std::uint8_t source) {
  switch (static_cast<Source>(source)) {
    case Source::file:
      return 0;
    case Source::history:
      return 1;
    case Source::learned:
      return 2;
    case Source::provider:
      break;
  }
  return 3;
}

}  // namespace

void Layer::take_domains(Gathered& gathered) {
  const auto rank = [](const Gathered::Domain& d) {
    return std::pair((d.flags & KnownDomain::entry) == 0, by_chance(d.source));
  };
  std::ranges::sort(gathered.domains, [&](const auto& a, const auto& b) {
    return a.text != b.text ? a.text < b.text : rank(a) < rank(b);
  });
  std::string spelt;
  for (const auto& [text, mails, flags, source] : gathered.domains) {
    if (!domains_.empty() && this->text(domains_.back()) == text) {
      KnownDomain& same = domains_.back();
      same.mails = sum(same.mails, mails);
      same.flags |= flags;
      continue;
    }
    spelt = text;
    const DomainName name = split_domain(spelt);
    domains_.push_back({.text = store(text),
                        .mails = mails,
                        .length = static_cast<std::uint8_t>(text.size()),
                        .suffix = static_cast<std::uint8_t>(name.suffix.size()),
                        .label = static_cast<std::uint8_t>(name.label.size()),
                        .flags = flags,
                        .source = source});
  }
  domains_.shrink_to_fit();
  gathered.domains = {};
}

void Layer::take_people(Gathered& gathered) {
  if (gathered.people.empty()) return;
  std::ranges::sort(gathered.people, [](const auto& a, const auto& b) {
    return std::tuple(a.domain, a.local, by_chance(a.source)) < std::tuple(b.domain, b.local, by_chance(b.source));
  });
  people_starts_.assign(domains_.size() + 1, 0);
  std::uint32_t domain = none;
  for (const auto& person : gathered.people) {
    if (domain == none || text(domains_[domain]) != person.domain) domain = find(person.domain);
    if (!people_.empty() && people_.back().domain == domain && local(people_.back()) == person.local) {
      people_.back().mails = sum(people_.back().mails, person.mails);
      continue;
    }
    people_.push_back({.local = store(person.local),
                       .domain = domain,
                       .mails = person.mails,
                       .length = static_cast<std::uint8_t>(person.local.size()),
                       .source = person.source});
    ++people_starts_[domain + 1];
  }
  for (std::size_t i = 1; i < people_starts_.size(); ++i) people_starts_[i] += people_starts_[i - 1];
}

void Layer::build_tables() {
  reach_ = reach_for(domains_.size());
  weighty_ = static_cast<std::size_t>(std::ranges::count_if(
      domains_, [](const auto& d) { return (d.flags & KnownDomain::provider) == 0 || d.mails > 0; }));
  by_address_.build([&](auto emit) {
    for (std::uint32_t i = 0; i < people_.size(); ++i) emit(address_hash(local(people_[i]), people_[i].domain), i);
  });
  exact_.build([&](auto emit) {
    for (std::uint32_t i = 0; i < domains_.size(); ++i) {
      const Folded folded(text(domains_[i]), domains_[i].label, domains_[i].suffix);
      if (folded.registrable != text(domains_[i])) emit(hash_of(folded.registrable, 1), i);
      emit(hash_of(squashed(text(domains_[i])), 2), i);
      if (const auto parts = sorted_parts(folded.label); !parts.empty()) emit(hash_of(parts, 3), i);
      emit(hash_of(folded.label, 4), i);
    }
  });
  near_.build([&](auto emit) {
    for (std::uint32_t i = 0; i < domains_.size(); ++i) {
      const Folded folded(text(domains_[i]), domains_[i].label, domains_[i].suffix);
      const auto use = [&](std::uint64_t hash) { emit(hash, i); };
      each_delete(squashed(folded.label), reach_, use);
      if (folded.name.size() != folded.label.size()) each_delete(squashed(folded.name), reach_, use);
    }
  });
}

void Layer::build_people_tables() {
  if (people_.empty()) return;
  person_reach_ = reach_for(people_.size());
  near_people_.build([&](auto emit) {
    for (std::uint32_t i = 0; i < people_.size(); ++i) {
      each_person_key(read_person(local(people_[i])), person_reach_,
                      [&](std::uint64_t hash) { emit(in_domain(hash, people_[i].domain), i); });
    }
  });
  for (const auto& person : people_) {
    const PersonName name = read_person(local(person));
    if (name.words.size() > 1 && name.words.front().size() > 2 && name.words.back().size() > 1) {
      given_names_.push_back(hash_of(name.words.front()));
    }
  }
  std::ranges::sort(given_names_);
  given_names_.erase(std::ranges::unique(given_names_).begin(), given_names_.end());
  given_names_.shrink_to_fit();
}

bool Layer::has_given_name(std::string_view word) const {
  return std::ranges::binary_search(given_names_, hash_of(word));
}

std::uint32_t Layer::find(std::string_view domain) const {
  std::uint32_t found = none;
  by_text_.each(hash_of(domain), [&](std::uint32_t i) {
    if (text(domains_[i]) == domain) found = i;
  });
  return found;
}

const KnownPerson* Layer::find_person(std::string_view local, std::string_view domain) const {
  if (people_.empty()) return nullptr;
  const auto number = find(domain);
  if (number == none) return nullptr;
  const KnownPerson* found = nullptr;
  by_address_.each(address_hash(local, number), [&](std::uint32_t i) {
    if (people_[i].domain == number && this->local(people_[i]) == local) found = &people_[i];
  });
  return found;
}

std::span<const KnownPerson> Layer::people(std::uint32_t domain) const {
  if (people_starts_.empty()) return {};
  return std::span(people_).subspan(people_starts_[domain], people_starts_[domain + 1] - people_starts_[domain]);
}

std::size_t Layer::entry_count() const {
  std::size_t count = people_.size();
  for (const auto& domain : domains_) {
    count += (domain.flags & KnownDomain::entry) != 0 ? 1U : 0U;
    count += (domain.flags & KnownDomain::subdomains) != 0 ? 1U : 0U;
  }
  return count;
}

void Layer::each(const std::function<void(const Entry&)>& use) const {
  for (std::uint32_t number = 0; number < domains_.size(); ++number) {
    const KnownDomain& domain = domains_[number];
    std::uint32_t mails = domain.mails;
    for (const auto& person : people(number)) {
      use({.what = Entry::What::address,
           .text = std::string(local(person)) + "@" + std::string(text(domain)),
           .mails = person.mails,
           .source = static_cast<Source>(person.source)});
      mails -= std::min(mails, person.mails);
    }
    const auto source = static_cast<Source>(domain.source);
    if ((domain.flags & KnownDomain::entry) != 0) {
      use({.what = Entry::What::domain, .text = std::string(text(domain)), .mails = mails, .source = source});
      mails = 0;
    }
    if ((domain.flags & KnownDomain::subdomains) != 0) {
      use({.what = Entry::What::subdomains, .text = "." + std::string(text(domain)), .mails = mails, .source = source});
    }
  }
}

std::size_t Layer::memory() const {
  return arena_.capacity() + domains_.capacity() * sizeof(KnownDomain) + people_.capacity() * sizeof(KnownPerson) +
         people_starts_.capacity() * sizeof(std::uint32_t) + by_text_.memory() + by_address_.memory() +
         exact_.memory() + near_.memory() + near_people_.memory() + given_names_.capacity() * sizeof(std::uint64_t);
}

}  // namespace zegel::check
