#include "check/person_judge.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "check/alignment.h"
#include "check/person_distance.h"

namespace zegel::check {

namespace {

constexpr std::size_t most_candidates = 400;

float allowance(const PersonName& known, std::uint32_t mails, const Weights& weights) {
  const std::size_t size = known.letters.size();
  const double allowed = size < 5   ? weights.person_allowed_4
                         : size < 7 ? weights.person_allowed_6
                         : size < 9 ? weights.person_allowed
                                    : weights.person_allowed_9;
  return static_cast<float>(allowed) +
         static_cast<float>(weights.person_per_tenfold_mail) * std::log10(1.0F + static_cast<float>(mails));
}

/// Letter by letter where that says something; a name written in another way is not so many typing errors.
std::vector<Difference> differences(std::string_view given, std::string_view meant, const Weights& weights) {
  auto letters = misspellings(given, meant, weights);
  if (letters.size() < 3 && !letters.empty()) return letters;
  return {{Kind::person, std::string(given), std::string(meant)}};
}

}  // namespace

std::optional<Verdict> PersonJudge::judge() const {
  const PersonName asked = read_person(local_);
  if (asked.letters.empty() || (asked.is_one_word() && is_role(asked.letters))) return std::nullopt;
  const auto is_name = [&](std::string_view word) {
    return is_given_name(word) ||
           std::ranges::any_of(layers_, [&](const auto& layer) { return layer->has_given_name(word); });
  };
  std::optional<Verdict> best;
  for (const auto& layer : layers_) {
    const auto domain = layer->find(domain_);
    if (domain == Layer::none) continue;
    std::vector<std::uint32_t> seen;
    layer->persons_like(asked, domain, [&](std::uint32_t number) {
      if (seen.size() >= most_candidates || std::ranges::find(seen, number) != seen.end()) return;
      seen.push_back(number);
      const KnownPerson& person = layer->person(number);
      const auto local = layer->local(person);
      const PersonName known = read_person(local);
      const float cost = person_distance(asked, known, weights_, is_name);
      const float allowed = allowance(known, person.mails, weights_);
      if (cost > allowed || (best && cost >= best->cost)) return;
      best = Verdict{.standing = Standing::near_miss,
                     .suggestion = std::string(local) + "@" + std::string(domain_),
                     .kind = Kind::person,
                     .cost = cost,
                     .allowed = allowed,
                     .about_person = true,
                     .mails = person.mails};
    });
  }
  if (best) best->differences = differences(local_, best->suggestion.substr(0, best->suggestion.rfind('@')), weights_);
  return best;
}

}  // namespace zegel::check
