#include "store/pieces.h"

#include <algorithm>

namespace zegel::store {

namespace {

constexpr RowId pieces_per_owner = 4096;  // 4 GB

RowId piece_id(RowId owner, std::size_t number) { return owner * pieces_per_owner + static_cast<RowId>(number); }

std::string context(RowId owner, std::size_t number) { return "piece " + std::to_string(piece_id(owner, number)); }

}  // namespace

std::string lock_first_piece(const Secret& key, RowId owner, std::string_view octets) {
  return aead::lock(key, octets.substr(0, piece_size), context(owner, 0));
}

void write_pieces(Database& db, const Secret& key, RowId owner, std::string_view octets,
                  std::string_view first_locked) {
  constexpr std::string_view insert = "INSERT INTO piece(id, bytes) VALUES(?, ?)";
  db.run(insert, piece_id(owner, 0), Blob{first_locked});
  for (std::size_t at = piece_size, number = 1; at < octets.size(); at += piece_size, ++number) {
    const std::string locked = aead::lock(key, octets.substr(at, piece_size), context(owner, number));
    db.run(insert, piece_id(owner, number), Blob{locked});
  }
}

Result<std::string> read_pieces(Database& db, const Secret& key, RowId owner, std::size_t size) {
  std::string octets;
  octets.reserve(size);
  std::string locked;
  std::size_t number = 0;
  do {
    locked.resize(std::min(piece_size, size - octets.size()) + aead::overhead);
    if (!db.read_blob("piece", "bytes", piece_id(owner, number), locked.data(), locked.size())) {
      return fail("a piece of it is missing or cut short");
    }
    const auto piece = aead::unlock(key, locked, context(owner, number));
    if (!piece) return std::unexpected(piece.error());
    octets += *piece;
    ++number;
  } while (octets.size() < size);
  return octets;
}

void erase_pieces(Database& db, RowId owner) {
  db.run("DELETE FROM piece WHERE id BETWEEN ? AND ?", piece_id(owner, 0), piece_id(owner, pieces_per_owner - 1));
}

}  // namespace zegel::store
