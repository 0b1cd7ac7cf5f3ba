#pragma once

#include <array>
#include <string_view>

#include "core/terms.h"

namespace zegel::seal {

/// Five dice's worth: log2 is 12.92 bits a word.
inline constexpr std::size_t word_count = 7'776;
using WordList = std::array<std::string_view, word_count>;

/// Distinct words of three to nine letters a–z, sorted (config/words; built into the program).
[[nodiscard]] const WordList& words_of(Language);

}  // namespace zegel::seal
