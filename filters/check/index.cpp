#include "check/index.h"

#include "check/domain_judge.h"
#include "check/layer.h"
#include "check/person_judge.h"
#include "core/text.h"

namespace zegel::check {

namespace {

struct Address {
  std::string_view local;
  std::string_view domain;
};

Address halves(std::string_view address) {
  const auto at = address.rfind('@');
  return {address.substr(0, at), address.substr(at + 1)};
}

/// `jan+krant` is jan (RFC 5233); as in the folded form.
std::string_view without_tag(std::string_view local) {
  return local.substr(0, std::max<std::size_t>(local.find('+'), 1));
}

}  // namespace

Index::Index() = default;

Index::Index(std::vector<std::shared_ptr<const Layer>> layers, const Weights& weights)
    : layers_(std::move(layers)), weights_(weights) {}

bool Index::covers(std::string_view domain) const {
  const auto flagged = [&](std::string_view text, KnownDomain::Flag flag) {
    for (const auto& layer : layers_) {
      const auto number = layer->find(text);
      if (number != Layer::none && (layer->domain(number).flags & flag) != 0) return true;
    }
    return false;
  };
  if (flagged(domain, KnownDomain::entry)) return true;
  for (auto dot = domain.find('.'); dot != std::string_view::npos; dot = domain.find('.', dot + 1)) {
    if (flagged(domain.substr(dot + 1), KnownDomain::subdomains)) return true;
  }
  return false;
}

Verdict Index::judge_domain(std::string_view domain) const { return DomainJudge(layers_, weights_, domain).judge(); }

Verdict Index::judge(const mail::Mailbox& mailbox) const { return judge_address(mail::folded(mailbox)); }

Verdict Index::judge_address(std::string_view address) const {
  const auto [local, domain] = halves(address);
  Verdict verdict;
  verdict.given = address;
  for (const auto name : {local, without_tag(local)}) {
    for (const auto& layer : layers_) {
      const KnownPerson* person = layer->find_person(name, domain);
      if (person == nullptr) continue;
      verdict.standing = Standing::known;
      verdict.mails += person->mails;
    }
    if (verdict.standing == Standing::known) return verdict;
  }
  Verdict where = DomainJudge(layers_, weights_, domain).judge(local);
  where.given = address;
  if (!where.suggestion.empty()) where.suggestion = std::string(local) + "@" + where.suggestion;
  if (where.standing != Standing::known) return where;
  if (auto who = PersonJudge(layers_, weights_, without_tag(local), domain).judge()) {
    who->given = address;
    return std::move(*who);
  }
  if (!covers(domain)) where.standing = Standing::unknown;
  return where;
}

bool Index::has(std::string_view entry) const {
  for (const auto& layer : layers_) {
    if (entry.contains('@')) {
      const auto [local, domain] = halves(entry);
      if (layer->find_person(local, domain) != nullptr) return true;
      continue;
    }
    const bool pattern = entry.starts_with('.');
    const auto number = layer->find(entry.substr(pattern ? 1 : 0));
    const auto flag = pattern ? KnownDomain::subdomains : KnownDomain::entry;
    if (number != Layer::none && (layer->domain(number).flags & flag) != 0) return true;
  }
  return false;
}

std::size_t Index::size() const {
  std::size_t size = 0;
  for (const auto& layer : layers_) size += layer->entry_count();
  return size;
}

std::size_t Index::memory() const {
  std::size_t memory = 0;
  for (const auto& layer : layers_) memory += layer->memory();
  return memory;
}

void Index::each(const std::function<void(const Entry&)>& use) const {
  for (const auto& layer : layers_) layer->each(use);
}

}  // namespace zegel::check
