#include "check/person_distance.h"

#include <algorithm>

#include "check/alignment.h"

namespace zegel::check {

namespace {

class Comparison {
 public:
  Comparison(const PersonName& asked, const PersonName& known, const Weights& weights,
             const std::function<bool(std::string_view)>& is_given_name)
      : asked_(asked), known_(known), weights_(weights), is_name_(is_given_name) {}

  float cost() {
    if (asked_.number != known_.number || asked_.letters.empty() || known_.letters.empty()) return different_people;
    if (asked_.letters == known_.letters) return cheap(weights_.person_separator);
    if (other_initial()) return different_people;
    float best = different_people;
    for (const auto& a : asked_.readings) {
      for (const auto& k : known_.readings) best = std::min(best, by_reading(a, k));
    }
    best = std::min(best, glued(asked_, known_));
    best = std::min(best, glued(known_, asked_));
    return others_ ? different_people : std::min(best, letters());
  }

 private:
  static float cheap(double weight) { return static_cast<float>(weight); }

  /// `bdelange` and `mdelange`, `b.bos` and `m.bos`, `bos.a` and `bos.m`.
  [[nodiscard]] bool other_initial() const {
    const std::string_view a = asked_.letters;
    const std::string_view k = known_.letters;
    const bool front_may_be_initial = asked_.is_one_word() || asked_.words.front().size() == 1;
    if (front_may_be_initial && a.front() != k.front() && a.substr(1) == k.substr(1)) return true;
    return !asked_.is_one_word() && asked_.words.back().size() == 1 && a.back() != k.back() &&
           a.substr(0, a.size() - 1) == k.substr(0, k.size() - 1);
  }

  float by_reading(const NameReading& a, const NameReading& k) {
    const float surnames = surname(a.surname, k.surname);
    const float givens = given(a.given, k.given, a.surname_first);
    if (givens >= different_people && surnames < 0.5F && a.surname_first == k.surname_first) others_ = true;
    return surnames + givens + (a.surname_first == k.surname_first ? 0 : cheap(weights_.person_order));
  }

  [[nodiscard]] float surname(std::string_view a, std::string_view k) const {
    const float whole = misspelling_cost(a, k, weights_, 3.0F);
    const auto a_short = without_tussenvoegsel(a);
    const auto k_short = without_tussenvoegsel(k);
    if (a_short.size() == a.size() && k_short.size() == k.size()) return whole;
    return std::min(whole, misspelling_cost(a_short, k_short, weights_, 3.0F) + cheap(weights_.person_tussenvoegsel));
  }

  [[nodiscard]] float given(std::string_view a, std::string_view k, bool last) const {
    if (a == k) return 0;
    if (a.size() == 1 || k.size() == 1) {
      if (a.size() == k.size() || a.front() != k.front()) return different_people;
      return is_name_(a.size() > 1 ? a : k) ? cheap(weights_.person_initial) : 2 * cheap(weights_.person_initial);
    }
    // What stands last is more often a surname: only a name of the list counts there.
    if (last ? is_given_name(a) : is_name_(a)) return different_people;
    return misspelling_cost(a, k, weights_, 3.0F);
  }

  /// `jjansen` for `jan.jansen`.
  [[nodiscard]] float glued(const PersonName& one, const PersonName& parted) const {
    if (!one.is_one_word() || parted.is_one_word() || one.letters.size() < 4) return different_people;
    const auto rest = std::string_view(one.letters).substr(1);
    for (const auto& reading : parted.readings) {
      if (reading.given.front() == one.letters.front() && reading.surname == rest)
        return cheap(weights_.person_initial + weights_.person_separator);
    }
    return different_people;
  }

  /// Letter by letter, for what crosses the words.
  [[nodiscard]] float letters() const {
    const float moved = asked_.words.size() == known_.words.size() ? 0 : cheap(weights_.person_separator);
    return misspelling_cost(asked_.letters, known_.letters, weights_, 3.0F) + moved;
  }

  const PersonName& asked_;
  const PersonName& known_;
  const Weights& weights_;
  const std::function<bool(std::string_view)>& is_name_;
  bool others_ = false;  // the same surname, and two given names
};

}  // namespace

float person_distance(const PersonName& asked, const PersonName& known, const Weights& weights,
                      const std::function<bool(std::string_view)>& is_given_name) {
  return Comparison(asked, known, weights, is_given_name).cost();
}

}  // namespace zegel::check
