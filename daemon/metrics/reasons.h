#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

namespace zegel::metrics {

/// Values of the label `reason` of zegel_refused_total, as the log's `event=refused` has them.
inline constexpr std::array refusal_reasons{"typo",         "unknown",    "sender",       "visible",        "malware",
                                            "scanner-away", "unreadable", "rate",         "no-way-to-seal", "too-big",
                                            "loop",         "busy",       "sealing-away", "sealing-failed", "other"};

/// Values of the label `operation` of zegel_store_errors_total.
inline constexpr std::array store_operations{"submit", "record", "other"};

/// Where `word` stands, or the last place.
template <std::size_t N>
constexpr std::size_t reason_index(const std::array<const char*, N>& words, std::string_view word) {
  return std::min<std::size_t>(std::ranges::find(words, word) - words.begin(), N - 1);
}

}  // namespace zegel::metrics
