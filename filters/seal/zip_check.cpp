#include <algorithm>
#include <array>

#include "seal/libzip.h"
#include "seal/winzip_aes.h"
#include "seal/zip_pack.h"

/// Reads back what was written. libzip parses both zips and decrypts the first piece of the entry by its own means,
/// which would show any misreading of the format on our side; the whole entry is authenticated and decrypted by
/// seal::winzip_aes, from the octets that libzip found, because libzip's cipher would take longer than all the rest
/// together.
namespace zegel::seal {

namespace {

using libzip::Archive;
using libzip::failed;
using libzip::File;

constexpr std::size_t by_libzip = 64 * 1024;
constexpr std::size_t piece = 64 * 1024;

Result<void> differs(std::string_view what) {
  return fail("the zip does not open to what was put in: " + std::string(what));
}

/// Reads from `file` and compares; `expected` must begin with what is read. Up to `limit` octets, then no further.
Result<void> compare(zip_file_t* file, std::string_view expected, std::size_t limit) {
  std::array<char, piece> read{};
  for (std::size_t at = 0; at < limit;) {
    const auto got = zip_fread(file, read.data(), std::min(piece, limit - at));
    if (got < 0) return failed("read the zip", zip_file_get_error(file));
    const auto size = static_cast<std::size_t>(got);
    if (std::string_view(read.data(), size) != expected.substr(at, size)) return differs("other bytes");
    if (size == 0) return differs("an entry ends early");
    at += size;
  }
  return {};
}

/// To the very end, which is where libzip checks the CRC.
Result<void> compare_all(zip_file_t* file, std::string_view expected) {
  if (auto same = compare(file, expected, expected.size()); !same) return same;
  char more = 0;
  const auto got = zip_fread(file, &more, 1);
  if (got < 0) return failed("read the zip", zip_file_get_error(file));
  return got == 0 ? Result<void>() : differs("an entry is longer");
}

Result<zip_stat_t> stat_of(zip_t* archive, zip_uint64_t index) {
  zip_stat_t stat;
  if (zip_stat_index(archive, index, 0, &stat) != 0) return failed("list the zip", zip_get_error(archive));
  return stat;
}

Result<void> check_inner(std::string_view inner, const std::vector<ZipFile>& files, std::string_view padding_name) {
  const auto archive = libzip::open(inner);
  if (!archive) return std::unexpected(archive.error());
  if (zip_get_num_entries(archive->get(), 0) != static_cast<zip_int64_t>(files.size() + 1))
    return differs("entries are missing");
  for (zip_uint64_t i = 0; i <= files.size(); ++i) {
    const auto stat = stat_of(archive->get(), i);
    if (!stat) return std::unexpected(stat.error());
    const bool padding = i == files.size();
    if (stat->name != (padding ? padding_name : std::string_view(files[i].name))) return differs("another name");
    if (padding) break;
    const File file(zip_fopen_index(archive->get(), i, 0));
    if (!file) return failed("open an entry", zip_get_error(archive->get()));
    if (auto same = compare_all(file.get(), files[i].bytes); !same) return same;
  }
  return {};
}

/// The entry's data as it stands in the zip, still encrypted.
Result<std::string> raw_entry(zip_t* archive, std::size_t size) {
  const File file(zip_fopen_index(archive, 0, ZIP_FL_ENCRYPTED | ZIP_FL_COMPRESSED));
  if (!file) return failed("open the entry", zip_get_error(archive));
  std::string bytes;
  bytes.resize_and_overwrite(size, [&](char* to, std::size_t) {
    const auto read = zip_fread(file.get(), to, size);
    return read < 0 ? 0 : static_cast<std::size_t>(read);
  });
  if (bytes.size() != size) return failed("read the entry", zip_file_get_error(file.get()));
  return bytes;
}

Result<void> check_cipher(zip_t* archive, std::string_view inner, const Secret& password) {
  const std::string_view word = password.reveal();  // of a std::string, hence with a NUL behind it
  const File file(zip_fopen_index_encrypted(archive, 0, 0, word.data()));
  if (!file) return failed("open the entry with the password", zip_get_error(archive));
  return inner.size() <= by_libzip ? compare_all(file.get(), inner) : compare(file.get(), inner, by_libzip);
}

}  // namespace

Result<void> check_locked(std::string_view locked, const std::vector<ZipFile>& files, std::string_view inner_name,
                          std::string_view padding_name, const Secret& password) {
  const auto archive = libzip::open(locked);
  if (!archive) return std::unexpected(archive.error());
  const auto stat = stat_of(archive->get(), 0);
  if (!stat) return std::unexpected(stat.error());
  if (zip_get_num_entries(archive->get(), 0) != 1 || stat->name != inner_name ||
      stat->encryption_method != ZIP_EM_AES_256 || stat->comp_method != ZIP_CM_STORE) {
    return differs("not one stored AES-256 entry");
  }
  auto raw = raw_entry(archive->get(), static_cast<std::size_t>(stat->comp_size));
  if (!raw) return std::unexpected(raw.error());
  const auto inner = winzip_aes::unlock(*raw, password);
  if (!inner) return std::unexpected(inner.error());
  if (crc32(*inner) != stat->crc) return differs("another CRC");
  if (auto same = check_cipher(archive->get(), *inner, password); !same) return same;
  return check_inner(*inner, files, padding_name);
}

}  // namespace zegel::seal
