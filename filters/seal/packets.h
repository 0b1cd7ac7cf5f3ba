#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

/// OpenPGP packets (RFC 4880 4, RFC 9580 4): enough to see what a message is made of, never to open it.
namespace zegel::seal::pgp {

enum class Tag : std::uint8_t {
  pkesk = 1,
  signature = 2,
  skesk = 3,
  secret_key = 5,
  public_key = 6,
  secret_subkey = 7,
  compressed = 8,
  symmetric = 9,  ///< without integrity protection
  marker = 10,
  literal = 11,
  user_id = 13,
  public_subkey = 14,
  user_attribute = 17,  ///< a picture
  seipd = 18,
  ocb = 20  ///< GnuPG's own, which others cannot read
};

/// Views into the octets that were read.
struct Packet {
  Tag tag;
  std::string_view whole;  ///< header and body
  std::string_view body;   ///< the first piece where the lengths are partial
  std::size_t size;        ///< of the body, all pieces together
};

inline constexpr std::size_t packets_of_a_message = 10'000;
inline constexpr std::size_t packets_of_a_ring = 10'000'000;

/// All packets, to the last octet. Error: cut short, not OpenPGP, or more than `most`.
[[nodiscard]] Result<std::vector<Packet>> packets(std::string_view binary, std::size_t most = packets_of_a_message);

/// The key id that a PKESK names, upper-case hex; version 3 only, else empty.
[[nodiscard]] std::string recipient_of(const Packet&);

/// The version of a key packet; 0 when it has none.
[[nodiscard]] unsigned version_of(const Packet&);

/// Upper-case hex of the fingerprint of a key packet: SHA-1 for version 4, public or secret (RFC 4880 12.2); SHA-256
/// for a public one of version 6 (RFC 9580 5.5.4) or GnuPG's version 5; else empty.
[[nodiscard]] std::string fingerprint_of(const Packet&);

}  // namespace zegel::seal::pgp
