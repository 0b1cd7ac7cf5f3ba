#include "check/index.h"

#include "check/domain_judge.h"
#include "check/layer.h"

namespace zegel::check {

Index::Index() = default;

Index::Index(std::vector<std::shared_ptr<const Layer>> layers, const Weights& weights)
    : layers_(std::move(layers)), weights_(weights) {}

Verdict Index::judge_domain(std::string_view domain) const { return DomainJudge(layers_, weights_, domain).judge(); }

}  // namespace zegel::check
