#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "check/layer.h"
#include "check/verdict.h"
#include "check/weights.h"

namespace zegel::check {

/// Judges who is meant at a known domain: only persons of that very domain are compared.
class PersonJudge {
 public:
  using Layers = std::span<const std::shared_ptr<const Layer>>;

  /// `local` folded and without a tag; all views must outlive the judge.
  PersonJudge(Layers layers, const Weights& weights, std::string_view local, std::string_view domain)
      : layers_(layers), weights_(weights), local_(local), domain_(domain) {}

  /// A near-miss, or nothing.
  [[nodiscard]] std::optional<Verdict> judge() const;

 private:
  Layers layers_;
  const Weights& weights_;
  std::string_view local_;
  std::string_view domain_;
};

}  // namespace zegel::check
