#include "check/alignment.h"

#include <algorithm>
#include <array>
#include <limits>

#include "check/keyboard.h"
#include "check/letters.h"

namespace zegel::check {

namespace {

/// Edits shift two aligned letters against each other by at most this much.
constexpr std::size_t band = 5;

constexpr bool is_mark(char c) { return c == '.' || c == '-' || c == '_'; }

/// One way to have come to (i, j): `given_taken` letters given for `meant_taken` letters meant.
struct Step {
  float cost;
  std::uint8_t given_taken;
  std::uint8_t meant_taken;
  Kind kind;
};

/// The steps of the model, as a function of the letters before (i, j). One place for cost and explanation.
class Steps {
 public:
  Steps(std::string_view given, std::string_view meant, const Weights& weights)
      : given_(given), meant_(meant), weights_(weights) {}

  /// Calls `use(Step)` for every last step that ends at i letters given and j letters meant and begins, so many letters
  /// given and meant before, where `from(given, meant)` holds; it must not where there are not so many letters.
  template <class From, class Use>
  void each(std::size_t i, std::size_t j, From from, Use use) const {
    const bool both = from(1, 1);
    if (both) replace(i, j, use);
    if (from(1, 0)) use(extra(i, j));
    if (from(0, 1)) use(missing(i, j));
    const bool pair_and_one = from(2, 1);
    const bool one_and_pair = from(1, 2);
    const bool two = from(2, 2);
    if (two) pairs(i, j, use);
    if (from(3, 3)) across(i, j, use);
    if (pair_and_one && glyph_of(given_[i - 2], given_[i - 1]) == meant_[j - 1]) use(glyph(i, 2, 1));
    if (one_and_pair && glyph_of(meant_[j - 2], meant_[j - 1]) == given_[i - 1]) use(glyph(i, 1, 2));
    if (both || two || pair_and_one || one_and_pair) sounds(i, j, from, use);
  }

 private:
  [[nodiscard]] float at_front(std::size_t first) const {
    return first == 0 ? static_cast<float>(weights_.first_letter) : 0.0F;
  }
  static Step step(double cost, float more, std::size_t given, std::size_t meant, Kind kind) {
    return {static_cast<float>(cost) + more, static_cast<std::uint8_t>(given), static_cast<std::uint8_t>(meant), kind};
  }

  template <class Use>
  void replace(std::size_t i, std::size_t j, Use use) const {
    const char g = given_[i - 1];
    const char m = meant_[j - 1];
    if (g == m) return use(Step{0.0F, 1, 1, Kind::none});
    if (is_mark(g) && is_mark(m)) return use(step(weights_.dot, 0, 1, 1, Kind::punctuation));
    if (is_mark(g) || is_mark(m)) return use(step(weights_.other + weights_.dot, 0, 1, 1, Kind::other_letter));
    const auto [cost, kind] = letter(g, m);
    use(step(cost, at_front(j - 1), 1, 1, kind));
  }

  [[nodiscard]] std::pair<double, Kind> letter(char g, char m) const {
    std::pair<double, Kind> best{weights_.other, Kind::other_letter};
    const auto offer = [&](bool holds, double cost, Kind kind) {
      if (holds && cost < best.first) best = {cost, kind};
    };
    offer(are_vowels(g, m), weights_.vowel, Kind::other_letter);
    offer(sound_alike(g, m), weights_.sounds_alike, Kind::sounds_alike);
    offer(are_neighbours(g, m), weights_.neighbour, Kind::neighbour);
    offer(look_alike(g, m), weights_.look_alike, Kind::look_alike);
    return best;
  }

  [[nodiscard]] Step extra(std::size_t i, std::size_t j) const {
    const char g = given_[i - 1];
    if (g == '.') return step(weights_.dot, 0, 1, 0, Kind::punctuation);
    if (is_mark(g)) {
      const bool again = i >= 2 && given_[i - 2] == g;
      return step(again ? weights_.dot : weights_.hyphen, 0, 1, 0, Kind::punctuation);
    }
    const float more = at_front(i - 1);
    if (i >= 2 && j >= 1 && given_[i - 2] == g) return step(weights_.doubled, 0, 1, 0, Kind::doubled);
    const bool beside =
        (i >= 2 && are_neighbours(given_[i - 2], g)) || (i < given_.size() && are_neighbours(given_[i], g));
    return step(beside ? weights_.extra_neighbour : weights_.extra,
                i == 1 && i < given_.size() && given_[1] == g ? 0 : more, 1, 0, Kind::extra);
  }

  [[nodiscard]] Step missing(std::size_t i, std::size_t j) const {
    const char m = meant_[j - 1];
    if (m == '.') return step(weights_.dot, 0, 0, 1, Kind::punctuation);
    if (is_mark(m)) return step(weights_.hyphen, 0, 0, 1, Kind::punctuation);
    if (j >= 2 && i >= 1 && meant_[j - 2] == m) return step(weights_.undoubled, 0, 0, 1, Kind::undoubled);
    const bool double_front = j == 1 && meant_.size() > 1 && meant_[1] == m;
    if (double_front) return step(weights_.undoubled, 0, 0, 1, Kind::undoubled);
    return step(weights_.missing, at_front(j - 1), 0, 1, Kind::missing);
  }

  template <class Use>
  void pairs(std::size_t i, std::size_t j, Use use) const {
    const char g1 = given_[i - 2], g2 = given_[i - 1], m1 = meant_[j - 2], m2 = meant_[j - 1];
    if (g1 == m2 && g2 == m1 && g1 != g2) {
      const bool marks = is_mark(g1) || is_mark(g2);
      use(step(marks ? weights_.dot : weights_.swap, 0, 2, 2, marks ? Kind::punctuation : Kind::swap));
    }
    if (g1 == g2 && m1 == m2 && g1 != m1 && are_neighbours(g1, m1)) {  // the same slip twice: haarlemmermwwr
      use(step(weights_.neighbour * 1.4, at_front(j - 2), 2, 2, Kind::neighbour));
    }
  }

  /// Two letters swapped across a third.
  template <class Use>
  void across(std::size_t i, std::size_t j, Use use) const {
    const char g0 = given_[i - 3], g2 = given_[i - 1], m0 = meant_[j - 3], m2 = meant_[j - 1];
    if (g0 == m2 && g2 == m0 && given_[i - 2] == meant_[j - 2] && g0 != g2 && !is_mark(g0) && !is_mark(g2)) {
      use(step(weights_.swap * 2, 0, 3, 3, Kind::swap));
    }
  }

  [[nodiscard]] Step glyph(std::size_t i, std::size_t given, std::size_t meant) const {
    return step(weights_.same_skeleton, at_front(i - given) / 2, given, meant, Kind::look_alike);
  }

  template <class From, class Use>
  void sounds(std::size_t i, std::size_t j, From from, Use use) const {
    const Sounds g = sounds_at(given_, i - 1);
    const Sounds m = sounds_at(meant_, j - 1);
    if (((g & (m >> 16)) | ((g >> 16) & m)) == 0) return;
    const auto sound = [&](std::string_view given, std::string_view meant) {
      if (from(given.size(), meant.size()))
        use(step(weights_.sounds_alike, 0, given.size(), meant.size(), Kind::sounds_alike));
    };
    for (std::size_t k = 0; k < same_sounds.size(); ++k) {
      const auto& [a, b] = same_sounds[k];
      if (((g >> k) & (m >> (16 + k)) & 1) != 0) sound(a, b);
      if (((g >> (16 + k)) & (m >> k) & 1) != 0) sound(b, a);
    }
  }

  std::string_view given_, meant_;
  const Weights& weights_;
};

class Table {
 public:
  Table(std::string_view given, std::string_view meant, const Weights& weights, float limit)
      : from_(common_front(given, meant)),
        back_(common_back(given, meant, from_)),
        n_(given.size() - back_),
        m_(meant.size() - back_),
        band_(band_for(n_, m_)),
        limit_(limit),
        steps_(given, meant, weights) {
    float before = 0;
    float long_before = 0;
    for (std::size_t i = from_; i <= n_; ++i) {
      const float least = row(i);
      if (i > from_ + 2 && std::min({least, before, long_before}) >= limit) return;  // steps reach back three rows
      long_before = before;
      before = least;
    }
    total_ = at(n_, m_).cost;
  }

  [[nodiscard]] float total() const { return total_; }

  /// The steps of the cheapest way, first letters first.
  template <class Use>
  void walk(Use use) const {
    std::vector<std::pair<Step, std::pair<std::size_t, std::size_t>>> way;
    for (std::size_t i = n_, j = m_; i > from_ || j > from_;) {
      const Step last = at(i, j).last;
      i -= last.given_taken;
      j -= last.meant_taken;
      way.emplace_back(last, std::pair(i, j));
      if (last.given_taken + last.meant_taken == 0) break;
    }
    for (auto step = way.rbegin(); step != way.rend(); ++step)
      use(step->first, step->second.first, step->second.second);
  }

 private:
  struct Cell {
    float cost;
    Step last;
  };
  static constexpr float never = 1e6F;
  static constexpr std::size_t width = longest_alignment + 1;
  static constexpr std::size_t context = 2;  // equal letters that are aligned all the same: an edit may lean on them

  static std::size_t common_front(std::string_view a, std::string_view b) {
    const auto common = static_cast<std::size_t>(std::ranges::mismatch(a, b).in1 - a.begin());
    return common > context ? common - context : 0;
  }
  static std::size_t common_back(std::string_view a, std::string_view b, std::size_t front) {
    const std::size_t most = std::min(a.size(), b.size()) - front;
    std::size_t common = 0;
    while (common < most && a[a.size() - 1 - common] == b[b.size() - 1 - common]) ++common;
    return common > context ? common - context : 0;
  }
  static std::size_t band_for(std::size_t n, std::size_t m) {
    return std::min<std::size_t>((n > m ? n - m : m - n) + 2, band);
  }

  [[nodiscard]] const Cell& at(std::size_t i, std::size_t j) const { return cells_[i * width + j]; }
  /// Whether a way that may yet be within the limit goes from so many letters before (i, j).
  [[nodiscard]] bool open(std::size_t i, std::size_t j, std::size_t given, std::size_t meant) const {
    if (i < from_ + given || j < from_ + meant) return false;
    i -= given;
    j -= meant;
    return (i > j ? i - j : j - i) <= band_ && at(i, j).cost < limit_;
  }

  /// One letter too many beside one too few is another letter, and costs as much.
  static bool undoes(const Step& before, const Step& after) {
    return (before.given_taken == 0 && before.meant_taken == 1 && after.given_taken == 1 && after.meant_taken == 0) ||
           (before.given_taken == 1 && before.meant_taken == 0 && after.given_taken == 0 && after.meant_taken == 1);
  }

  float row(std::size_t i) {
    float least = never;
    const std::size_t first = i > band_ + from_ ? i - band_ : from_;
    const std::size_t last = std::min(m_, i + band_);
    for (std::size_t j = first; j <= last; ++j) {
      Cell& cell = cells_[i * width + j];
      if (i == from_ && j == from_) {
        cell = {0.0F, {}};
        least = 0;
        continue;
      }
      cell = {never, {0, 0, 0, Kind::none}};
      const auto from = [&](std::size_t given, std::size_t meant) { return open(i, j, given, meant); };
      steps_.each(i, j, from, [&](const Step& step) {
        const Cell& before = at(i - step.given_taken, j - step.meant_taken);
        const float cost = before.cost + step.cost;
        if (cost < cell.cost && !undoes(before.last, step)) cell = {cost, step};
      });
      least = std::min(least, cell.cost);
    }
    return least;
  }

  std::size_t from_, back_, n_, m_, band_;
  float limit_;
  Steps steps_;
  float total_ = never;
  std::array<Cell, width * width> cells_;
};

bool too_far(std::string_view given, std::string_view meant) {
  const auto longer = std::max(given.size(), meant.size());
  return longer > longest_alignment || longer - std::min(given.size(), meant.size()) > band;
}

}  // namespace

float misspelling_cost(std::string_view given, std::string_view meant, const Weights& weights, float limit) {
  if (given == meant) return 0;
  if (too_far(given, meant)) return std::max(limit, 99.0F);
  return Table(given, meant, weights, limit).total();
}

std::vector<Difference> misspellings(std::string_view given, std::string_view meant, const Weights& weights,
                                     float limit) {
  std::vector<Difference> differences;
  if (given == meant || too_far(given, meant)) return differences;
  const Table table(given, meant, weights, limit);
  if (table.total() >= limit) return differences;
  table.walk([&](const Step& step, std::size_t i, std::size_t j) {
    if (step.kind == Kind::none) return;
    differences.push_back({.kind = step.kind,
                           .given = std::string(given.substr(i, step.given_taken)),
                           .meant = std::string(meant.substr(j, step.meant_taken))});
  });
  return differences;
}

}  // namespace zegel::check
