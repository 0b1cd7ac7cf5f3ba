#pragma once

#include <cstdint>
#include <string_view>

namespace zegel::seal::pgp {

/// The checksum of OpenPGP's armour (RFC 4880 6.1), in the lower 24 bits.
[[nodiscard]] std::uint32_t crc24(std::string_view bytes);

}  // namespace zegel::seal::pgp
