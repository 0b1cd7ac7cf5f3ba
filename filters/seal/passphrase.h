#pragma once

#include <cstdint>

#include "core/result.h"
#include "core/secret.h"
#include "core/terms.h"

namespace zegel::seal {

/// `words` words of the language's list of 7,776, lower case a–z, joined by `-`; each drawn unbiased from the system's
/// random numbers (12.9 bits a word).
[[nodiscard]] Secret new_passphrase(Language, std::uint32_t words);

/// Whether an agreed password that a person chose resists guessing (about 60 bits). Error: why not, in a sentence.
[[nodiscard]] Result<void> strong_enough(std::string_view password);

}  // namespace zegel::seal
