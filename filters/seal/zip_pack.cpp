#include "seal/zip_pack.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "core/random.h"
#include "seal/libzip.h"
#include "seal/winzip_aes.h"

namespace zegel::seal {

namespace {

using libzip::Archive;
using libzip::failed;
using libzip::Source;

constexpr zip_uint16_t dos_date = 1 << 5 | 1;  // 1 January 1980, the first that a zip can tell
constexpr zip_uint16_t dos_time = 0;
constexpr int light = 1;                   // deflate level
constexpr std::size_t least_padding = 16;  // so that no two inner zips are alike, nor their CRCs

Result<void> add(zip_t* archive, std::string_view name, std::string_view bytes, bool deflate) {
  Source source(zip_source_buffer(archive, bytes.data(), bytes.size(), 0));
  if (!source) return failed("take a file", zip_get_error(archive));
  const zip_int64_t index = zip_file_add(archive, std::string(name).c_str(), source.get(), ZIP_FL_ENC_UTF_8);
  if (index < 0) return failed("add a file", zip_get_error(archive));
  (void)source.release();
  const auto at = static_cast<zip_uint64_t>(index);
  if (zip_set_file_compression(archive, at, deflate ? ZIP_CM_DEFLATE : ZIP_CM_STORE, light) != 0 ||
      zip_file_set_dostime(archive, at, dos_time, dos_date, 0) != 0) {
    return failed("set up a file", zip_get_error(archive));
  }
  return {};
}

/// Writes what was added. The archive is gone afterwards either way.
Result<void> close(Archive archive) {
  if (zip_close(archive.get()) != 0) return failed("write", zip_get_error(archive.get()));
  (void)archive.release();
  return {};
}

/// `target` stays ours: libzip's archive holds a reference of its own.
Result<Archive> open_for_writing(zip_source_t* target, int flags) {
  zip_error_t error;
  zip_error_init(&error);
  zip_source_keep(target);
  Archive archive(zip_open_from_source(target, flags, &error));
  if (!archive) {
    zip_source_free(target);
    return failed("begin a zip", &error);
  }
  return archive;
}

Result<void> add_files(zip_source_t* target, const std::vector<ZipFile>& files) {
  auto archive = open_for_writing(target, ZIP_TRUNCATE);
  if (!archive) return std::unexpected(archive.error());
  for (const auto& file : files) {
    if (auto added = add(archive->get(), file.name, file.bytes, compresses(file.bytes)); !added) return added;
  }
  return close(std::move(*archive));
}

Result<std::size_t> size_of(zip_source_t* target) {
  zip_stat_t stat;
  if (zip_source_stat(target, &stat) != 0) return failed("tell the size", zip_source_error(target));
  return static_cast<std::size_t>(stat.size);
}

/// A second pass, because only now the size is known. libzip leaves what it wrote where it is and appends.
Result<void> add_padding(zip_source_t* target, std::string_view name) {
  constexpr std::size_t headers = 30 + 46;  // local and central
  const auto written = size_of(target);
  if (!written) return std::unexpected(written.error());
  const std::size_t least = *written + headers + 2 * name.size() + least_padding;
  const std::string padding = random_bytes(padded_size(least) - least + least_padding);
  auto archive = open_for_writing(target, 0);
  if (!archive) return std::unexpected(archive.error());
  if (auto added = add(archive->get(), name, padding, false); !added) return added;
  return close(std::move(*archive));
}

Result<std::string> read_all(zip_source_t* target, std::size_t room) {
  const auto size = size_of(target);
  if (!size) return std::unexpected(size.error());
  if (zip_source_open(target) != 0) return failed("read", zip_source_error(target));
  std::string bytes;
  bytes.reserve(room + *size + winzip_aes::mac_size + room + 64);  // what lock_entry will put behind it
  bytes.resize_and_overwrite(room + *size, [&](char* to, std::size_t) {
    const auto read = zip_source_read(target, to + room, *size);
    return read < 0 ? 0 : room + static_cast<std::size_t>(read);
  });
  zip_source_close(target);
  if (bytes.size() != room + *size) return failed("read", zip_source_error(target));
  return bytes;
}

}  // namespace

std::size_t padded_size(std::size_t size) {
  constexpr std::size_t kib = 1024;
  const std::size_t step = size <= 64 * kib ? 4 * kib : size <= 1024 * kib ? 16 * kib : 64 * kib;
  return (size + step - 1) / step * step;
}

bool compresses(std::string_view bytes) {
  constexpr std::size_t sample = 4096;
  constexpr std::size_t samples = 4;
  constexpr double spread = 7.7;  // bits an octet; random octets come to 7.99, text to 4.5
  std::array<double, 256> count{};
  double total = 0;
  for (std::size_t i = 0; i < samples; ++i) {
    const std::size_t from = bytes.size() > sample ? (bytes.size() - sample) / (samples - 1) * i : 0;
    for (const char c : bytes.substr(from, sample)) ++count[static_cast<unsigned char>(c)];
  }
  for (const double each : count) total += each;
  double bits = 0;
  for (const double each : count) bits -= each > 0 ? each / total * std::log2(each / total) : 0;
  return bits < spread;
}

Result<std::string> pack_files(const std::vector<ZipFile>& files, std::string_view padding_name, std::size_t room) {
  zip_error_t error;
  zip_error_init(&error);
  const Source target(zip_source_buffer_create(nullptr, 0, 0, &error));
  if (!target) return failed("begin a zip", &error);
  if (auto added = add_files(target.get(), files); !added) return std::unexpected(added.error());
  if (auto added = add_padding(target.get(), padding_name); !added) return std::unexpected(added.error());
  return read_all(target.get(), room);
}

}  // namespace zegel::seal
