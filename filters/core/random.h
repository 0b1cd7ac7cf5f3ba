#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace zegel {

/// `size` bytes of the system's random numbers. Throws std::runtime_error when there are none to be had: nothing is
/// ever sealed with less.
[[nodiscard]] std::string random_bytes(std::size_t size);

/// Uniform in [0, bound), without bias. `bound` > 0. Throws as random_bytes.
[[nodiscard]] std::uint32_t random_below(std::uint32_t bound);

/// Names a message to its users: the REF of replies, notices and `zegel trace`. Ten characters of Crockford's base 32
/// (no I, L, O, U), 50 random bits: `7K3QX9M2TB`.
[[nodiscard]] std::string new_reference();

/// A reference as a person typed it, in the form of new_reference (case, O, I and L mended), or empty when it is none.
[[nodiscard]] std::string parse_reference(std::string_view typed);

}  // namespace zegel
