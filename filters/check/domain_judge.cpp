#include "check/domain_judge.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "check/alignment.h"
#include "check/ending.h"
#include "check/lures.h"
#include "check/providers.h"
#include "mail/mailbox.h"

namespace zegel::check {

namespace {

/// No more candidates than this are looked at: bounds the time of a question.
constexpr std::size_t most_candidates = 600;

/// Names that differ in more letters than this are never mistaken for each other.
constexpr int most_letters_apart = 3;

/// For sums that come out a bit higher when they are made in another order.
constexpr float a_little = 0.001F;

/// Which letters and digits there are in the name, a bit each; marks and the ending do not count.
std::uint64_t letters_of(std::string_view text) {
  std::uint64_t letters = 0;
  for (const char c : text) letters |= 1ULL << (static_cast<unsigned char>(c) & 63U);
  return letters & ~(1ULL << ('.' & 63)) & ~(1ULL << ('-' & 63));
}

int letters_only_in(std::uint64_t a, std::uint64_t b) { return std::popcount(a & ~b); }

float bonus(std::uint32_t mails, const Weights& weights) {
  return static_cast<float>(weights.per_tenfold_mail) * std::log10(1.0F + static_cast<float>(mails));
}

float allowance(std::size_t length, const Weights& weights) {
  if (length < 3) return static_cast<float>(weights.allowed_2);
  const double table[] = {weights.allowed_3, weights.allowed_4, weights.allowed_5, weights.allowed_6,
                          weights.allowed_7};
  return static_cast<float>(table[std::clamp<std::size_t>(length, 3, 7) - 3]);
}

/// More known names stand closer together, so less may be spent.
float shift_for(std::size_t known, const Weights& weights) {
  const double tenfolds = std::log10(std::max<double>(static_cast<double>(known), 100.0) / 300.0);
  return static_cast<float>(weights.shift + weights.shift_per_tenfold * tenfolds);
}

}  // namespace

DomainJudge::DomainJudge(Layers layers, const Weights& weights, std::string_view domain)
    : layers_(layers), weights_(weights), asked_(domain) {}

/// What a domain that is known has no need of.
void DomainJudge::prepare() {
  name_ = split_domain(asked_);
  std::size_t known = 0;
  for (const auto& layer : layers_) known += layer->weighty_count();
  shift_ = shift_for(known, weights_);
}

std::optional<std::uint32_t> DomainJudge::mails_if_known() const {
  std::optional<std::uint32_t> mails;
  for (const auto& layer : layers_) {
    if (const auto number = layer->find(asked_); number != Layer::none)
      mails = mails.value_or(0) + layer->domain(number).mails;
  }
  if (mails) return mails;
  for (auto dot = asked_.find('.'); dot != std::string::npos; dot = asked_.find('.', dot + 1)) {
    for (const auto& layer : layers_) {
      const auto number = layer->find(std::string_view(asked_).substr(dot + 1));
      if (number != Layer::none && (layer->domain(number).flags & KnownDomain::subdomains) != 0) return 0;
    }
  }
  return std::nullopt;
}

std::uint32_t DomainJudge::mails_of(std::string_view domain) const {
  std::uint32_t mails = 0;
  for (const auto& layer : layers_) {
    if (const auto number = layer->find(domain); number != Layer::none) mails += layer->domain(number).mails;
  }
  return mails;
}

/// The nearest known domain under the same registered one: itself or, failing that, one beside or below.
std::string_view DomainJudge::related() const {
  if (name_.suffix.empty() || name_.label.empty()) return {};
  for (std::string_view parent = asked_; parent.size() > name_.registrable().size();) {
    parent.remove_prefix(parent.find('.') + 1);
    for (const auto& layer : layers_) {
      if (const auto number = layer->find(parent); number != Layer::none) return layer->text(layer->domain(number));
    }
  }
  std::string_view found;
  for (const auto& layer : layers_) {
    layer->under(name_.registrable(), [&](std::uint32_t number) {
      const auto text = layer->text(layer->domain(number));
      if (found.empty() && text.ends_with(name_.registrable()) &&
          text[text.size() - name_.registrable().size() - 1] == '.') {
        found = text;
      }
    });
  }
  return found;
}

Verdict DomainJudge::judge(std::string_view local) {
  local_ = local;
  Verdict verdict;
  verdict.given = asked_;
  if (const auto mails = mails_if_known()) {
    verdict.standing = Standing::known;
    verdict.mails = *mails;
    return verdict;
  }
  prepare();
  const auto kin = related();
  const bool host = std::ranges::find(host_names, name_.sub.substr(0, name_.sub.find('.'))) != host_names.end();
  if (!kin.empty() && (name_.sub.empty() || host || name_.sub.size() > 2)) {
    verdict.standing = Standing::related;
    verdict.suggestion = kin;
    verdict.mails = mails_of(kin);
    return verdict;
  }
  collect();
  const Candidate* best = choose();
  if (best != nullptr) return verdict_on(*best);
  if (!kin.empty()) {
    verdict.standing = Standing::related;
    verdict.suggestion = kin;
    verdict.mails = mails_of(kin);
  }
  return verdict;
}

float DomainJudge::disguise() const {
  if (!folded_->international) return 0;
  const Shape& shape = folded_->shape;
  if (name_.suffix == "nl")
    return static_cast<float>(
        weights_.disguised_nl);  // the registry takes a-z, 0-9 and hyphen only: nobody has such a name
  const bool no_disguise = !shape.mixed && shape.disguised == 0;
  return static_cast<float>(no_disguise ? weights_.marked : weights_.disguised);
}

void DomainJudge::collect() {
  folded_.emplace(asked_, name_.label.size(), name_.suffix.size());
  if (asked_.size() > 255 || folded_->name.empty() || folded_->name.size() > longest_alignment) return;
  ending_exists_ = name_.suffix.empty() || is_public_suffix(std::string(name_.suffix));
  base_ = disguise();
  label_ = squashed(folded_->label);
  whole_ = squashed(folded_->name);
  letters_ = letters_of(folded_->name);
  const std::string together =
      squashed(folded_->international ? std::string(folded_->name) + std::string(name_.suffix) : asked_);
  const std::string parts = sorted_parts(folded_->label);
  for (const auto& layer : layers_) {
    gather(*layer, together, parts);
    consider(*layer);
  }
  collect_words();
  collect_prefixes();
}

/// The numbers of all domains that may have been meant.
void DomainJudge::gather(const Layer& layer, std::string_view together, const std::string& parts) {
  numbers_.clear();
  const auto use = [&](std::uint32_t number) { numbers_.push_back(number); };
  layer.of_label(folded_->label, use);
  layer.running_together(together, use);
  if (!parts.empty()) layer.of_parts(parts, use);
  if (!label_.empty()) layer.resembling(label_, use);
  if (whole_ != label_) layer.resembling(whole_, use);
  if (!name_.sub.empty()) layer.resembling(squashed(std::string_view(asked_).substr(0, asked_.find('.'))), use);
  std::ranges::sort(numbers_);
  numbers_.erase(std::ranges::unique(numbers_).begin(), numbers_.end());
}

/// At a glance, before any alignment.
bool DomainJudge::is_far(std::string_view name) const {
  const auto meant = letters_of(name);
  if (name.contains("xn--")) return false;
  if (letters_only_in(meant, letters_) > most_letters_apart) return true;
  const bool bare = name_.sub.empty() && !name_.suffix.empty();
  return bare && letters_only_in(letters_, meant) > most_letters_apart;
}

void DomainJudge::consider(const Layer& layer) {
  std::size_t looked_at = 0;
  for (const auto number : numbers_) {
    const KnownDomain& domain = layer.domain(number);
    if (is_far(layer.text(domain).substr(0, domain.length - domain.suffix))) continue;
    if (++looked_at > most_candidates) return;
    if (const auto meant = candidate(layer, number)) offer(*meant, read(layer, domain, meant->allowed + a_little));
  }
}

float DomainJudge::ending(std::string_view meant, std::string_view label) const {
  if (meant == name_.suffix) return 0;
  if (label == folded_->label && has_all_endings_listed(label)) {
    return ending_cost(name_.suffix, meant, ending_exists_, true, weights_);
  }
  for (const auto& [suffix, cost] : endings_) {
    if (suffix == meant) return cost;
  }
  endings_.emplace_back(meant, ending_cost(name_.suffix, meant, ending_exists_, false, weights_));
  return endings_.back().second;
}

DomainJudge::Reading DomainJudge::read(const Layer& layer, const KnownDomain& domain, float limit) const {
  const Folded meant(layer.text(domain), domain.label, domain.suffix);
  Reading best;
  const auto take = [&](float cost, Reading::By by) {
    if (cost < best.cost) best = {.cost = cost, .by = by};
  };
  const float ending_costs = ending(meant.suffix, meant.label);
  const bool other_company = ending_exists_ && name_.suffix != meant.suffix && is_merely_listed(domain);
  if (other_company && !has_all_endings_listed(meant.label)) return best;
  const float left = limit - ending_costs - base_;
  if (left > 0) {
    if (meant.name.size() == meant.label.size()) {
      const float apart = name_.sub.empty() ? 0 : static_cast<float>(weights_.other_host);
      take(misspelling_cost(folded_->label, meant.label, weights_, left) + ending_costs + apart, Reading::By::label);
    }
    if (meant.name.size() != meant.label.size() || !name_.sub.empty()) {
      take(misspelling_cost(folded_->name, meant.name, weights_, left) + ending_costs, Reading::By::name);
    }
    if (!name_.sub.empty() || !ending_exists_) take(read_by_first_dot(meant, left), Reading::By::first_dot);
    const auto parts = sorted_parts(folded_->label);
    if (!parts.empty() && parts == sorted_parts(meant.label) && folded_->label != meant.label) {
      best = std::min(best,
                      Reading{.cost = static_cast<float>(weights_.parts_turned) + ending_costs,
                              .kind = Kind::swap,
                              .by = Reading::By::parts},
                      [](auto& a, auto& b) { return a.cost < b.cost; });
    }
  }
  if (!folded_->international && name_.suffix != meant.suffix && squashed(asked_) == squashed(layer.text(domain))) {
    take(misspelling_cost(asked_, layer.text(domain), weights_, limit), Reading::By::text);
  }
  best.cost += meant.international && !folded_->international ? static_cast<float>(weights_.unmarked) : base_;
  return best;
}

/// `yahoo.oc.in` for `yahoo.co.in`: an ending of two labels with a slip in it is not an ending any more.
float DomainJudge::read_by_first_dot(const Folded& meant, float limit) const {
  const auto dot = asked_.find('.');
  if (!meant.suffix.contains('.') || dot == std::string::npos || folded_->international) return Reading::never;
  const float front = misspelling_cost(std::string_view(asked_).substr(0, dot), meant.name, weights_, limit);
  const float back = ending_cost(std::string_view(asked_).substr(dot + 1), meant.suffix, false, false, weights_);
  return back > 1.0F ? Reading::never : front + back;
}

float DomainJudge::allowed_for(const Layer& layer, const KnownDomain& domain, std::uint32_t mails) const {
  const auto text = layer.text(domain);
  const auto label =
      squashed(text.substr(text.size() - domain.suffix - domain.label - (domain.suffix != 0 ? 1 : 0), domain.label));
  float allowed = allowance(label.size(), weights_) + bonus(mails, weights_) + shift_;
  if (is_merely_listed(domain) && !has_all_endings_listed(label)) allowed += static_cast<float>(weights_.merely_listed);
  if (!local_.empty() && layer.find_person(local_, text) != nullptr)
    allowed += static_cast<float>(weights_.address_known);
  return allowed;
}

/// Not yet read. None where no reading of it would do.
std::optional<DomainJudge::Candidate> DomainJudge::candidate(const Layer& layer, std::uint32_t number) const {
  const KnownDomain& domain = layer.domain(number);
  const std::uint32_t mails = layers_.size() == 1 ? domain.mails : mails_of(layer.text(domain));
  if (domain.label <= 4 && is_merely_listed(domain) && mails == 0) return std::nullopt;
  const bool national = folded_->international && folded_->shape.everyday && name_.suffix != "nl";
  if (national && (domain.flags & KnownDomain::provider) == 0) return std::nullopt;
  return Candidate{
      .layer = &layer, .number = number, .reading = {}, .allowed = allowed_for(layer, domain, mails), .mails = mails};
}

void DomainJudge::offer(const Layer& layer, std::uint32_t number, Reading reading) {
  if (const auto meant = candidate(layer, number)) offer(*meant, reading);
}

void DomainJudge::offer(Candidate meant, Reading reading) {
  if (reading.cost > meant.allowed) return;
  meant.reading = reading;
  candidates_.push_back(meant);
}

const DomainJudge::Candidate* DomainJudge::choose() const {
  const Candidate* best = nullptr;
  const auto rank = [&](const Candidate& c) { return c.reading.cost - bonus(c.mails, weights_); };
  for (const auto& candidate : candidates_) {
    if (best == nullptr || rank(candidate) < rank(*best)) best = &candidate;
  }
  return best;
}

Verdict DomainJudge::verdict_on(const Candidate& candidate) const {
  Verdict verdict;
  verdict.standing = Standing::near_miss;
  verdict.given = asked_;
  verdict.suggestion = candidate.text();
  verdict.cost = candidate.reading.cost;
  verdict.allowed = candidate.allowed;
  verdict.mails = candidate.mails;
  describe(verdict, candidate);
  return verdict;
}

void DomainJudge::describe(Verdict& verdict, const Candidate& candidate) const {
  const KnownDomain& domain = candidate.domain();
  const Folded meant(candidate.text(), domain.label, domain.suffix);
  const Reading& reading = candidate.reading;
  const float limit = reading.cost + a_little;  // the letters cost no more than the whole
  auto& differences = verdict.differences;
  if (folded_->international)
    differences.push_back({Kind::look_alike, mail::unicode_domain(asked_), std::string(candidate.text())});
  switch (reading.by) {
    case Reading::By::text:
      differences = misspellings(asked_, candidate.text(), weights_, limit);
      break;
    case Reading::By::parts:
      differences.push_back({reading.kind, std::string(reading.word), {}});
      break;
    case Reading::By::first_dot: {
      const auto dot = asked_.find('.');
      differences = misspellings(asked_.substr(0, dot), meant.name, weights_, limit);
      differences.push_back({Kind::tld, asked_.substr(dot + 1), std::string(meant.suffix)});
      break;
    }
    default: {
      const bool whole = reading.by == Reading::By::name;
      auto letters =
          misspellings(whole ? folded_->name : folded_->label, whole ? meant.name : meant.label, weights_, limit);
      differences.insert(differences.end(), letters.begin(), letters.end());
    }
  }
  if (differences.empty() && meant.international) {
    differences.push_back({Kind::look_alike, asked_, mail::unicode_domain(candidate.text())});
  }
  const bool ending_told = reading.by == Reading::By::text || reading.by == Reading::By::first_dot;
  if (!ending_told && name_.suffix != meant.suffix && reading.kind != Kind::tld) {
    differences.push_back({Kind::tld, std::string(name_.suffix), std::string(meant.suffix)});
  }
  verdict.kind = differences.empty() ? Kind::punctuation : differences.front().kind;
}

}  // namespace zegel::check
