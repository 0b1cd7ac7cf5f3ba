#include "seal/packets.h"

#include <optional>

#include "core/text.h"

namespace zegel::seal::pgp {

namespace {

constexpr std::size_t most_packets = 10'000;
constexpr std::size_t head_size = 64;

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
    if (packet.size == 0) packet.head = piece.substr(0, head_size);
    packet.size += piece.size();
    if (!length.partial) return true;
    const auto next = new_length(reader);
    if (!next) return false;
    length = *next;
  }
}

std::optional<Packet> next_packet(Reader& reader) {
  const auto first = reader.number(1);
  if (!first || (*first & 0x80) == 0) return std::nullopt;
  const bool is_new = (*first & 0x40) != 0;
  Packet packet{static_cast<Tag>(is_new ? *first & 0x3F : (*first >> 2) & 0x0F), {}, 0};
  const auto length = is_new ? new_length(reader) : old_length(reader, *first & 0x03);
  if (!length || !take_body(reader, packet, *length)) return std::nullopt;
  return packet;
}

}  // namespace

Result<std::vector<Packet>> packets(std::string_view binary) {
  std::vector<Packet> all;
  for (Reader reader(binary); !reader.done();) {
    const auto packet = next_packet(reader);
    if (!packet) return fail("OpenPGP data that is broken or cut short");
    if (all.size() == most_packets) return fail("OpenPGP data of too many packets");
    all.push_back(*packet);
  }
  if (all.empty()) return fail("no OpenPGP data");
  return all;
}

std::string recipient_of(const Packet& packet) {
  constexpr std::size_t id_size = 8;
  if (packet.tag != Tag::pkesk || packet.head.size() < 1 + id_size || packet.head[0] != 3) return {};
  return text::upper(text::hex(packet.head.substr(1, id_size)));
}

}  // namespace zegel::seal::pgp
