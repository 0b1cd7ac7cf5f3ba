#include "seal/ring_file.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>

#include "seal/files.h"
#include "seal/packets.h"

namespace zegel::seal {

namespace {

constexpr unsigned newest_known = 4;
constexpr std::uintmax_t most_bytes = 1U << 30;

/// One key of the ring: its packets, and where in the file it lies.
struct Block {
  std::string_view packets;
  std::size_t begin, size;
};

std::uint32_t number(std::string_view bytes, std::size_t at) {
  std::uint32_t value = 0;
  for (const char c : bytes.substr(at, 4)) value = value << 8 | static_cast<unsigned char>(c);
  return value;
}

/// A blob is its length, its type (2: an OpenPGP key), version, flags, and where in it the key's packets lie (GnuPG,
/// kbx/keybox-blob.c).
Result<std::vector<Block>> blocks_of_keybox(std::string_view file) {
  constexpr std::size_t least = 5;
  constexpr std::size_t head = 20;
  constexpr char openpgp = 2;
  std::vector<Block> blocks;
  for (std::size_t at = 0; at < file.size();) {
    if (file.size() - at < least || number(file, at) < least || number(file, at) > file.size() - at)
      return fail("a damaged keybox");
    const std::string_view blob = file.substr(at, number(file, at));
    if (blob[4] == openpgp && (blob.size() < head || number(blob, 8) > blob.size())) return fail("a damaged keybox");
    if (blob[4] == openpgp) blocks.push_back({blob.substr(number(blob, 8), number(blob, 12)), at, blob.size()});
    at += blob.size();
  }
  return blocks;
}

Result<std::vector<Block>> blocks_of_packets(std::string_view file) {
  std::vector<Block> blocks;
  if (file.empty()) return blocks;
  const auto all = pgp::packets(file, pgp::packets_of_a_ring);
  if (!all) return std::unexpected(all.error());
  for (const pgp::Packet& packet : *all) {
    const auto at = static_cast<std::size_t>(packet.whole.data() - file.data());
    if (packet.tag == pgp::Tag::public_key) blocks.push_back({file.substr(at, 0), at, 0});
    if (blocks.empty()) continue;
    Block& block = blocks.back();
    block.size = at + packet.whole.size() - block.begin;
    block.packets = file.substr(block.begin, block.size);
  }
  return blocks;
}

/// `Jan <jan@klant.nl>`, or the address alone.
Result<mail::Mailbox> mailbox_of(std::string_view user_id) {
  const std::size_t open = user_id.rfind('<');
  const std::size_t close = user_id.rfind('>');
  const bool framed = open != std::string_view::npos && close != std::string_view::npos && open < close;
  return mail::parse_mailbox(framed ? user_id.substr(open + 1, close - open - 1) : user_id);
}

/// 0: not a key at all.
unsigned version_of(const Block& block) {
  const auto packets = pgp::packets(block.packets, pgp::packets_of_a_ring);
  return packets && packets->front().tag == pgp::Tag::public_key ? pgp::version_of(packets->front()) : 0;
}

/// Nothing: gpg can read it, or nobody can.
std::optional<ForeignKey> foreign_of(const Block& block) {
  const unsigned version = version_of(block);
  const auto packets = pgp::packets(block.packets, pgp::packets_of_a_ring);
  if (version <= newest_known) return std::nullopt;
  ForeignKey key{pgp::fingerprint_of(packets->front()), version, {}};
  for (const pgp::Packet& packet : *packets) {
    if (packet.tag != pgp::Tag::user_id) continue;
    if (auto mailbox = mailbox_of(packet.body)) key.addresses.push_back(std::move(*mailbox));
  }
  return key;
}

/// The ring that gpg would use.
struct File {
  std::string path;
  std::shared_ptr<const std::string> bytes;  ///< stay where they are when this is moved
  std::vector<Block> blocks;                 ///< of `bytes`
};

using Blocks = Result<std::vector<Block>>;

/// True: the file is there and has keys in it.
Result<bool> load(File& file, std::string path, Blocks (*blocks_of)(std::string_view)) {
  std::error_code none;
  if (!std::filesystem::exists(path, none) && !none) return false;
  auto bytes = read_file(path, most_bytes);
  if (!bytes) return std::unexpected(bytes.error());
  file = {std::move(path), std::make_shared<const std::string>(std::move(*bytes)), {}};
  auto blocks = blocks_of(*file.bytes);
  if (!blocks) return fail(file.path + ": " + blocks.error().why);
  file.blocks = std::move(*blocks);
  return !file.blocks.empty();
}

Result<File> load(const std::string& home) {
  File file;
  auto found = load(file, home + "/pubring.kbx", blocks_of_keybox);
  if (found && !*found) found = load(file, home + "/pubring.gpg", blocks_of_packets);
  if (!found) return std::unexpected(found.error());
  return file;
}

}  // namespace

Result<RingFile> read_ring_file(const std::string& home) {
  const auto file = load(home);
  if (!file) return std::unexpected(file.error());
  RingFile ring;
  for (const Block& block : file->blocks) {
    auto foreign = foreign_of(block);
    if (foreign) {
      ring.foreign.push_back(std::move(*foreign));
    } else {
      ring.readable += block.packets;
      ring.ours += version_of(block) == newest_known ? 1 : 0;
    }
  }
  if (ring.foreign.empty()) ring.readable.clear();
  return ring;
}

Result<bool> drop_foreign(const std::string& home, const std::string& fingerprint) {
  const auto file = load(home);
  if (!file) return std::unexpected(file.error());
  for (const Block& block : file->blocks) {
    const auto foreign = foreign_of(block);
    if (!foreign || foreign->fingerprint != fingerprint) continue;
    const std::string rest = file->bytes->substr(0, block.begin) + file->bytes->substr(block.begin + block.size);
    if (auto written = write_file(file->path, rest, 0600); !written) return std::unexpected(written.error());
    std::error_code none;
    std::filesystem::remove(file->path + "~", none);  // gpg's copy of what was
    return true;
  }
  return false;
}

}  // namespace zegel::seal
