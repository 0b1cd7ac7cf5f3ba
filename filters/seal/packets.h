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
  public_subkey = 14,
  seipd = 18,
  ocb = 20  ///< GnuPG's own, which others cannot read
};

struct Packet {
  Tag tag;
  std::string_view head;  ///< the first octets of its body, up to 64; a view into the message
  std::size_t size;       ///< of its body, partial lengths joined
};

/// All packets, to the last octet. At most 10,000. Error: cut short, or not OpenPGP.
[[nodiscard]] Result<std::vector<Packet>> packets(std::string_view binary);

/// The key id that a PKESK names, upper-case hex; version 3 only, else empty.
[[nodiscard]] std::string recipient_of(const Packet&);

}  // namespace zegel::seal::pgp
