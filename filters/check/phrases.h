#pragma once

#include <string_view>

#include "check/verdict.h"
#include "core/terms.h"

/// What the check says, in the languages of the office. `{g}` is what was given, `{m}` what was meant, `{n}` a number.
namespace zegel::check {

struct Sentences {
  std::string_view known, known_mails, related, unknown, near_miss, person, mails, one_mail, cost, allowed;
};

[[nodiscard]] const Sentences& sentences(Language);

/// For one difference; empty where there is nothing to say.
[[nodiscard]] std::string_view phrase_for(const Difference&, Language);

}  // namespace zegel::check
