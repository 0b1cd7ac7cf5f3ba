// The part of DomainJudge that takes words and endings off a name.
#include "check/domain_judge.h"
#include "check/lures.h"

namespace zegel::check {

/// `www`, lure words and endings that are glued to a known name.
void DomainJudge::collect_words() {
  const std::string_view label = folded_->label;
  if (label.starts_with("www") && label.size() > 4) {
    const auto rest = label.substr(label[3] == '-' ? 4 : 3);
    collect_stripped(rest, weights_.www, Kind::www, label.substr(0, 3));
  }
  const auto strip = [&](std::string_view word, double cost) {
    if (label.size() < word.size() + 2) return;
    if (label.starts_with(word)) {
      const bool hyphen = label[word.size()] == '-';
      collect_stripped(label.substr(word.size() + (hyphen ? 1 : 0)), cost + (hyphen ? 0 : weights_.lure_glued),
                       Kind::lure, word);
    }
    if (label.ends_with(word)) {
      const auto rest = label.substr(0, label.size() - word.size());
      const bool hyphen = rest.ends_with('-');
      collect_stripped(rest.substr(0, rest.size() - (hyphen ? 1 : 0)), cost + (hyphen ? 0 : weights_.lure_glued),
                       Kind::lure, word);
    }
  };
  for (const auto word : lure_words) strip(word, weights_.lure);
  for (const auto word : everyday_words) strip(word, weights_.lure + weights_.lure_everyday);
  for (const auto word : {"nl", "com", "be", "de", "eu", "net", "org"})
    strip(word, weights_.lure + weights_.lure_ending);
}

void DomainJudge::collect_stripped(std::string_view rest, double cost, Kind kind, std::string_view word) {
  if (rest.size() < 2) return;
  for (const auto& layer : layers_) {
    layer->of_label(rest, [&](std::uint32_t number) {
      const KnownDomain& domain = layer->domain(number);
      const auto text = layer->text(domain);
      const auto suffix = text.substr(text.size() - domain.suffix);
      const auto known_label = text.substr(0, text.size() - domain.suffix - (domain.suffix != 0 ? 1 : 0));
      if (!known_label.ends_with(rest)) return;
      const bool glued_ending = suffix == word;
      float total = static_cast<float>(cost) + base_ + (glued_ending ? 0 : ending(suffix, rest));
      const bool hyphen = folded_->label.size() > rest.size() + word.size();
      if (!hyphen && kind == Kind::lure)
        total += static_cast<float>(rest.size() <= 3   ? weights_.lure_glued_3
                                    : rest.size() <= 5 ? weights_.lure_glued_5
                                                       : 0);
      if (kind == Kind::lure && is_merely_listed(domain)) return;
      offer(*layer, number, {.cost = total, .kind = kind, .word = word, .by = Reading::By::parts});
    });
  }
}

/// `klant.nl.com`, `hotmail.fr.br`: a known domain and then some.
void DomainJudge::collect_prefixes() {
  for (auto dot = asked_.rfind('.'); dot != std::string::npos && dot > 0; dot = asked_.rfind('.', dot - 1)) {
    const auto front = std::string_view(asked_).substr(0, dot);
    if (!front.contains('.')) return;
    for (const auto& layer : layers_) {
      if (const auto number = layer->find(front); number != Layer::none) {
        offer(*layer, number,
              {.cost = static_cast<float>(weights_.lure),
               .kind = Kind::tld,
               .word = std::string_view(asked_).substr(dot + 1),
               .by = Reading::By::parts});
      }
    }
  }
}

}  // namespace zegel::check
