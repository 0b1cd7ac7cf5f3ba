#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "seal/zip.h"

/// The two zips apart: the inner one by libzip, the outer one by hand around seal::winzip_aes.
namespace zegel::seal {

/// An ordinary zip of the files, padded to the next step of size. It stands in the result from `room` octets on.
/// Error: libzip's reason.
[[nodiscard]] Result<std::string> pack_files(const std::vector<ZipFile>&, std::string_view padding_name,
                                             std::size_t room);

/// Octets to be kept free ahead of what lock_entry shall lock away.
[[nodiscard]] std::size_t room_for_entry(std::string_view name);

/// Makes a zip with one stored AES-256 entry (AE-1) out of `data`, whose first room_for_entry(name) octets are free. In
/// place.
void lock_entry(std::string& data, std::string_view name, const Secret& password);

/// Opens `locked` through libzip, with the password, and compares every entry with the files.
/// Error: what is not as it was put in.
[[nodiscard]] Result<void> check_locked(std::string_view locked, const std::vector<ZipFile>&,
                                        std::string_view inner_name, std::string_view padding_name,
                                        const Secret& password);

/// The CRC-32 of zips. Of the outer entry it says nothing: what it covers holds random padding, so it is a random
/// number.
/// `before`: the CRC of what stands ahead of `bytes`.
[[nodiscard]] std::size_t crc32(std::string_view bytes, std::size_t before = 0);

/// `size` rounded up so that it tells little: to 4 KiB, above 64 KiB to 16 KiB, above 1 MiB to 64 KiB.
[[nodiscard]] std::size_t padded_size(std::size_t size);

/// Whether deflating would be worth its time, by the spread of octets in a few samples.
[[nodiscard]] bool compresses(std::string_view bytes);

}  // namespace zegel::seal
