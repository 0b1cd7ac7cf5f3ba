#include <algorithm>
#include <array>

#include "seal/winzip_aes.h"
#include "seal/zip_memory.h"
#include "seal/zip_pack.h"

/// Reads back what was written. libzip parses both zips and decrypts the first piece of the entry by its own means,
/// which would show any misreading of the format on our side; the whole entry is authenticated and decrypted by
/// seal::winzip_aes, because libzip's cipher would take longer than all the rest together.
namespace zegel::seal {

namespace {

using libzip::Archive;
using libzip::failed;
using libzip::File;

constexpr std::size_t piece = 64UZ * 1024;

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

Result<void> check_inner(libzip::Decrypted& inner, const std::vector<ZipFile>& files, std::string_view padding_name) {
  auto source = inner.source();
  if (!source) return std::unexpected(source.error());
  const auto archive = libzip::open(std::move(*source));
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

/// All of the plaintext against the CRC in the header, the first piece against what libzip makes of the entry.
Result<void> check_cipher(zip_t* archive, winzip_aes::Reader& inner, std::size_t crc, const Secret& password) {
  // NOLINTNEXTLINE(bugprone-suspicious-stringview-data-usage): a Secret is a std::string, with a NUL behind it
  const File file(zip_fopen_index_encrypted(archive, 0, 0, password.reveal().data()));
  if (!file) return failed("open the entry with the password", zip_get_error(archive));
  std::string plain(std::min(piece, inner.size()), '\0');
  std::size_t found = 0;
  for (std::size_t at = 0; at < inner.size(); at += plain.size()) {
    plain.resize(std::min(piece, inner.size() - at));
    inner.read(at, plain.data(), plain.size());
    found = crc32(plain, found);
    if (at > 0) continue;
    const bool whole = plain.size() == inner.size();
    if (auto same = whole ? compare_all(file.get(), plain) : compare(file.get(), plain, piece); !same) return same;
  }
  return found == crc ? Result<void>() : differs("another CRC");
}

/// libzip's view of `bytes`, which must outlive it.
Result<Archive> open_view(std::string_view bytes) {
  zip_error_t error;
  zip_error_init(&error);
  libzip::Source source(zip_source_buffer_create(bytes.data(), bytes.size(), 0, &error));
  if (!source) return failed("read", &error);
  return libzip::open(std::move(source));
}

}  // namespace

Result<void> check_locked(std::string_view locked, const std::vector<ZipFile>& files, std::string_view inner_name,
                          std::string_view padding_name, const Secret& password) {
  const auto archive = open_view(locked);
  if (!archive) return std::unexpected(archive.error());
  const auto stat = stat_of(archive->get(), 0);
  if (!stat) return std::unexpected(stat.error());
  if (zip_get_num_entries(archive->get(), 0) != 1 || stat->name != inner_name ||
      stat->encryption_method != ZIP_EM_AES_256 || stat->comp_method != ZIP_CM_STORE) {
    return differs("not one stored AES-256 entry");
  }
  const std::size_t at = room_for_entry(inner_name) - winzip_aes::before;
  auto reader = winzip_aes::Reader::open(locked.substr(at, stat->comp_size), password);
  if (!reader) return std::unexpected(reader.error());
  libzip::Decrypted inner(std::move(*reader));
  if (auto same = check_cipher(archive->get(), inner.reader(), stat->crc, password); !same) return same;
  return check_inner(inner, files, padding_name);
}

}  // namespace zegel::seal
