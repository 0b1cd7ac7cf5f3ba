#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "check/domain_name.h"
#include "check/folding.h"
#include "check/layer.h"
#include "check/verdict.h"
#include "check/weights.h"

namespace zegel::check {

/// Judges one domain against the layers of an index. Made for one question and thrown away.
class DomainJudge {
 public:
  using Layers = std::span<const std::shared_ptr<const Layer>>;

  DomainJudge(Layers, const Weights&, std::string_view domain);

  /// Of the domain alone: suggestion a domain. `local`: the folded local part of the address that is asked about, or
  /// empty; one that is known at a candidate speaks for it.
  [[nodiscard]] Verdict judge(std::string_view local = {});

 private:
  /// How one known domain may have been meant.
  struct Reading {
    static constexpr float never = 1e6F;
    float cost = never;
    Kind kind = Kind::none;      ///< of the whole, where no alignment explains it
    std::string_view word = {};  ///< the lure word
    enum class By : std::uint8_t { label, name, text, first_dot, parts } by = By::label;
  };
  struct Candidate {
    const Layer* layer = nullptr;
    std::uint32_t number = 0;
    Reading reading;
    float allowed = 0;
    std::uint32_t mails = 0;
    [[nodiscard]] const KnownDomain& domain() const { return layer->domain(number); }
    [[nodiscard]] std::string_view text() const { return layer->text(domain()); }
  };

  [[nodiscard]] std::optional<std::uint32_t> mails_if_known() const;
  void prepare();
  [[nodiscard]] std::string_view related() const;
  void collect();
  void gather(const Layer&, std::string_view together, const std::string& parts);
  void collect_words();
  void collect_stripped(std::string_view rest, double cost, Kind kind, std::string_view word);
  void collect_prefixes();
  void consider(const Layer&);
  [[nodiscard]] bool is_far(std::string_view name) const;
  [[nodiscard]] std::optional<Candidate> candidate(const Layer&, std::uint32_t number) const;
  void offer(const Layer&, std::uint32_t number, Reading);
  void offer(Candidate, Reading);
  [[nodiscard]] Reading read(const Layer&, const KnownDomain&, float limit) const;
  [[nodiscard]] float read_by_first_dot(const Folded& meant, float limit) const;
  [[nodiscard]] float ending(std::string_view meant, std::string_view label) const;
  [[nodiscard]] float allowed_for(const Layer&, const KnownDomain&, std::uint32_t mails) const;
  [[nodiscard]] std::uint32_t mails_of(std::string_view domain) const;
  [[nodiscard]] float disguise() const;
  [[nodiscard]] const Candidate* choose() const;
  [[nodiscard]] Verdict verdict_on(const Candidate&) const;
  void describe(Verdict&, const Candidate&) const;

  Layers layers_;
  const Weights& weights_;
  std::string asked_;
  std::string local_;
  DomainName name_;
  std::optional<Folded> folded_;
  std::string label_, whole_;  // squashed
  std::uint64_t letters_ = 0;
  bool ending_exists_ = true;
  float base_ = 0;   // what the disguise costs
  float shift_ = 0;  // by how much is known
  std::vector<Candidate> candidates_;
  std::vector<std::uint32_t> numbers_;                               // of one layer, to be looked at
  mutable std::vector<std::pair<std::string_view, float>> endings_;  // what was worked out already
};

}  // namespace zegel::check
