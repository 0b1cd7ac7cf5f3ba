#include "decide/policy.h"

#include <algorithm>

#include "core/text.h"

namespace zegel::decide {

namespace {

constexpr std::string_view dutch[] = {"nl", "amsterdam", "frl", "gent", "sr", "vlaanderen"};
constexpr std::string_view german[] = {"at", "bayern", "berlin", "de", "hamburg", "koeln", "li", "saarland", "wien"};
constexpr std::string_view english[] = {"au", "ca", "gov", "ie", "london", "mil", "nz", "scot", "uk", "us", "wales"};

/// The language spoken where a domain is at home; else `otherwise`. Not `.be` and `.ch`, which speak several.
Language language_of(std::string_view domain, Language otherwise) {
  const std::string_view tld = domain.substr(domain.rfind('.') + 1);
  if (std::ranges::find(dutch, tld) != std::end(dutch)) return Language::nl;
  if (std::ranges::find(german, tld) != std::end(german)) return Language::de;
  if (std::ranges::find(english, tld) != std::end(english)) return Language::en;
  return otherwise;
}

}  // namespace

const config::Tag* find_tag(const std::vector<config::Tag>& tags, std::string_view subject) {
  if (tags.empty()) return nullptr;
  const std::string folded = text::lower(subject);
  const auto found =
      std::ranges::find_if(tags, [&](const config::Tag& tag) { return folded.contains(text::lower(tag.subject)); });
  return found == tags.end() ? nullptr : &*found;
}

Policy policy_for(const config::Settings& settings, const Subject& from, const Subject& to, const config::Tag* tag) {
  static const config::Rule says_nothing;
  const Match won = choose(settings.protect.rules, from, to);
  const config::Rule& rule = won ? *won.rule : says_nothing;
  Policy policy{.methods = rule.methods.value_or(settings.protect.methods),
                .otherwise = rule.otherwise.value_or(settings.protect.otherwise),
                .sign = rule.sign.value_or(settings.protect.sign),
                .hide_subject = rule.hide_subject.value_or(settings.protect.hide_subject),
                .tls = rule.tls.value_or(settings.delivery.tls),
                .language = rule.language.value_or(language_of(to.domain, settings.office.language)),
                .password = rule.password.value_or(settings.zip.password),
                .cipher = rule.cipher.value_or(settings.smime.cipher),
                .domain_certificates = rule.domain_certificates.value_or(settings.smime.domain_certificates),
                .locked = rule.locked.value_or(settings.zip.locked),
                .strip_tag = {},
                .rule = won ? rule.place.rule() : settings.protect.methods_place.rule(),
                .choice = won ? "to " + won.to.pattern->text + ", from " + won.from.pattern->text : "no rule matches"};
  if (tag != nullptr) {
    policy.choice += "; the subject has " + tag->subject + ", which chooses the methods over " + policy.rule;
    policy.methods = tag->methods;
    policy.strip_tag = tag->subject;
    policy.rule = tag->place.rule();
  }
  return policy;
}

}  // namespace zegel::decide
