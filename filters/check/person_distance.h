#pragma once

#include <functional>
#include <string_view>

#include "check/person_name.h"
#include "check/weights.h"

namespace zegel::check {

/// What it costs to have written one name for the other; at least `different_people` where they are two persons for all
/// one can know: other numbers, two given names, two initials.
inline constexpr float different_people = 100.0F;

[[nodiscard]] float person_distance(const PersonName& asked, const PersonName& known, const Weights&,
                                    const std::function<bool(std::string_view)>& is_given_name);

}  // namespace zegel::check
