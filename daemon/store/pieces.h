#pragma once

#include <string>
#include <string_view>

#include "core/secret.h"
#include "store/database.h"
#include "store/keyring.h"

/// The octets of a copy or a held message: locked with its own key, a megabyte a row, so that a big message needs no
/// big buffers in the database. Each piece is bound to its place; how many there must be follows from the size, which
/// the owner's row holds, locked.
namespace zegel::store {

inline constexpr std::size_t piece_size = std::size_t{1} << 20;

/// The first piece, which for most messages is all: locked on the thread that has the message, not on the writer's.
[[nodiscard]] std::string lock_first_piece(const Secret& key, RowId owner, std::string_view octets);

void write_pieces(Database&, const Secret& key, RowId owner, std::string_view octets, std::string_view first_locked);

/// Error: a piece is missing or was changed.
[[nodiscard]] Result<std::string> read_pieces(Database&, const Secret& key, RowId owner, std::size_t size);

void erase_pieces(Database&, RowId owner);

}  // namespace zegel::store
