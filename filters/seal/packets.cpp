#include "seal/packets.h"

#include <optional>

#include "core/digest.h"
#include "core/text.h"
#include "seal/sha1.h"

namespace zegel::seal::pgp {

namespace {

/// Reads forward; what is not there is nothing.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}
  [[nodiscard]] bool done() const { return rest_.empty(); }
  [[nodiscard]] std::size_t left() const { return rest_.size(); }

  std::optional<std::uint32_t> number(std::size_t octets) {
    if (rest_.size() < octets) return std::nullopt;
    std::uint32_t value = 0;
    for (const char c : take(octets)) value = value << 8 | static_cast<unsigned char>(c);
    return value;
  }
  [[nodiscard]] std::string_view rest() const { return rest_; }
  std::string_view take(std::size_t octets) {
    const std::string_view taken = rest_.substr(0, octets);
    rest_.remove_prefix(taken.size());
    return taken;
  }

 private:
  std::string_view rest_;
};

/// A length of RFC 4880 4.2.2; partial ones are announced as such.
struct Length {
  std::size_t size;
  bool partial = false;
};

std::optional<Length> new_length(Reader& reader) {
  const auto first = reader.number(1);
  if (!first) return std::nullopt;
  if (*first < 192) return Length{*first};
  if (*first >= 224 && *first < 255) return Length{std::size_t{1} << (*first & 0x1F), true};
  const auto more = reader.number(*first == 255 ? 4 : 1);
  if (!more) return std::nullopt;
  return Length{*first == 255 ? *more : ((*first - 192) << 8) + *more + 192};
}

std::optional<Length> old_length(Reader& reader, std::uint32_t type) {
  if (type == 3) return Length{reader.left()};  // to the end
  const auto size = reader.number(std::size_t{1} << type);
  if (!size) return std::nullopt;
  return Length{*size};
}

/// The body after one length, with the pieces that follow it; false: cut short.
bool take_body(Reader& reader, Packet& packet, Length length) {
  for (;;) {
    if (length.size > reader.left()) return false;
    const std::string_view piece = reader.take(length.size);
    if (packet.size == 0) packet.body = piece;
    packet.size += piece.size();
    if (!length.partial) return true;
    const auto next = new_length(reader);
    if (!next) return false;
    length = *next;
  }
}

std::optional<Packet> next_packet(Reader& reader) {
  const std::string_view begin = reader.rest();
  const auto first = reader.number(1);
  if (!first || (*first & 0x80) == 0) return std::nullopt;
  const bool is_new = (*first & 0x40) != 0;
  Packet packet{static_cast<Tag>(is_new ? *first & 0x3F : (*first >> 2) & 0x0F), {}, {}, 0};
  const auto length = is_new ? new_length(reader) : old_length(reader, *first & 0x03);
  if (!length || !take_body(reader, packet, *length)) return std::nullopt;
  packet.whole = begin.substr(0, begin.size() - reader.left());
  return packet;
}

}  // namespace

Result<std::vector<Packet>> packets(std::string_view binary, std::size_t most) {
  std::vector<Packet> all;
  for (Reader reader(binary); !reader.done();) {
    const auto packet = next_packet(reader);
    if (!packet) return fail("OpenPGP data that is broken or cut short");
    if (all.size() == most) return fail("OpenPGP data of too many packets");
    all.push_back(*packet);
  }
  if (all.empty()) return fail("no OpenPGP data");
  return all;
}

std::string recipient_of(const Packet& packet) {
  constexpr std::size_t id_size = 8;
  if (packet.tag != Tag::pkesk || packet.body.size() < 1 + id_size || packet.body[0] != 3) return {};
  return text::upper(text::hex(packet.body.substr(1, id_size)));
}

namespace {

bool skip_octets(Reader& reader, std::size_t size) { return reader.take(size).size() == size; }

/// A multiprecision integer: its bits, then its octets.
bool skip_number(Reader& reader) {
  const auto bits = reader.number(2);
  return bits && skip_octets(reader, (*bits + 7) / 8);
}

/// A curve's name, or the parameters of a key derivation: its size, then its octets.
bool skip_short(Reader& reader) {
  const auto size = reader.number(1);
  return size && skip_octets(reader, *size);
}

/// The public numbers of a key (RFC 4880 5.5.2, RFC 6637 9).
bool skip_public_numbers(Reader& reader, std::uint32_t algorithm) {
  constexpr std::uint32_t rsa = 1, rsa_encrypt = 2, rsa_sign = 3, elgamal = 16, dsa = 17, ecdh = 18, ecdsa = 19,
                          eddsa = 22;
  const auto numbers = [&](int count) {
    bool good = true;
    while (good && count-- > 0) good = skip_number(reader);
    return good;
  };
  switch (algorithm) {
    case rsa:
    case rsa_encrypt:
    case rsa_sign:
      return numbers(2);
    case elgamal:
      return numbers(3);
    case dsa:
      return numbers(4);
    case ecdh:
      return skip_short(reader) && numbers(1) && skip_short(reader);
    case ecdsa:
    case eddsa:
      return skip_short(reader) && numbers(1);
    default:
      return false;
  }
}

/// What of a version 4 key packet is public, and hashed into its fingerprint.
std::string_view public_part(const Packet& packet) {
  constexpr std::size_t version_and_time = 5;
  if (packet.tag == Tag::public_key || packet.tag == Tag::public_subkey) return packet.body;
  if (packet.tag != Tag::secret_key && packet.tag != Tag::secret_subkey) return {};
  Reader reader(packet.body);
  if (!skip_octets(reader, version_and_time)) return {};
  const auto algorithm = reader.number(1);
  if (!algorithm || !skip_public_numbers(reader, *algorithm)) return {};
  return packet.body.substr(0, packet.body.size() - reader.left());
}

std::string newer_fingerprint(const Packet& packet) {
  if (packet.tag != Tag::public_key || packet.size != packet.body.size()) return {};
  std::string hashed(1, version_of(packet) == 5 ? '\x9A' : '\x9B');
  for (const unsigned shift : {24U, 16U, 8U, 0U}) hashed += static_cast<char>(packet.size >> shift & 0xFF);
  hashed += packet.body;
  return text::upper(text::hex(sha256(hashed)));
}

}  // namespace

unsigned version_of(const Packet& packet) {
  return packet.body.empty() ? 0 : static_cast<unsigned char>(packet.body.front());
}

std::string fingerprint_of(const Packet& packet) {
  if (const unsigned version = version_of(packet); version == 5 || version == 6) return newer_fingerprint(packet);
  const std::string_view open = public_part(packet);
  if (!open.starts_with('\x04') || open.size() > 0xFFFF) return {};
  std::string hashed{'\x99', static_cast<char>(open.size() >> 8), static_cast<char>(open.size() & 0xFF)};
  hashed += open;
  return text::upper(text::hex(sha1(hashed)));
}

}  // namespace zegel::seal::pgp
