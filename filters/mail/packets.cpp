#include <cstdint>

#include "mail/protection.h"

namespace zegel::mail {

namespace {

constexpr unsigned pkesk = 1;  // public-key encrypted session key
constexpr unsigned skesk = 3;  // symmetric-key encrypted session key
constexpr unsigned marker = 10;
constexpr unsigned seipd = 18;  // symmetrically encrypted, integrity protected
constexpr std::size_t most_packets = 1'000;

/// Reads packet headers (RFC 9580 4.2) one after the other.
class PacketReader {
 public:
  explicit PacketReader(std::string_view bytes) : rest_(bytes) {}

  [[nodiscard]] bool done() const { return rest_.empty(); }

  /// The type of the next packet, which is taken off whole; 0 when it is malformed or cut short.
  unsigned next() {
    const unsigned head = octet();
    if (!sound_ || (head & 0x80) == 0) return 0;
    const bool newer = (head & 0x40) != 0;
    const unsigned type = newer ? head & 0x3F : head >> 2 & 0x0F;
    newer ? skip_new() : skip_old(head & 3);
    return sound_ ? type : 0;
  }

 private:
  unsigned octet() {
    if (rest_.empty()) {
      sound_ = false;
      return 0;
    }
    const auto value = static_cast<unsigned char>(rest_.front());
    rest_.remove_prefix(1);
    return value;
  }

  std::uint64_t number(unsigned octets) {
    std::uint64_t value = 0;
    for (unsigned i = 0; i < octets; ++i) value = value << 8 | octet();
    return value;
  }

  void skip(std::uint64_t size) {
    if (size > rest_.size()) {
      sound_ = false;
      return;
    }
    rest_.remove_prefix(static_cast<std::size_t>(size));
  }

  void skip_old(unsigned length_type) {
    if (length_type == 3) return skip(rest_.size());  // to the end
    skip(number(1U << length_type));
  }

  void skip_new() {
    while (sound_) {
      const unsigned first = octet();
      if (first < 192) return skip(first);
      if (first < 224) return skip(((first - 192U) << 8) + octet() + 192U);
      if (first == 255) return skip(number(4));
      skip(std::uint64_t{1} << (first & 0x1F));  // partial: another length follows
    }
  }

  std::string_view rest_;
  bool sound_ = true;
};

}  // namespace

bool is_encrypted_packets(std::string_view packets) {
  PacketReader reader(packets);
  bool has_key = false;
  for (std::size_t count = 0; count < most_packets && !reader.done(); ++count) {
    const unsigned type = reader.next();
    if (type == seipd) return has_key && reader.done();
    if (type != pkesk && type != skesk && type != marker) return false;
    has_key |= type != marker;
  }
  return false;
}

}  // namespace zegel::mail
