#include "seal/zip_pack.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "core/random.h"
#include "seal/zip_memory.h"

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
  libzip::given_away(source);
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
  libzip::given_away(archive);
  return {};
}

Result<Archive> open_for_writing(libzip::Target& target, int flags) {
  auto source = target.source();
  if (!source) return std::unexpected(source.error());
  zip_error_t error;
  zip_error_init(&error);
  Archive archive(zip_open_from_source(source->get(), flags, &error));
  if (!archive) return failed("begin a zip", &error);
  libzip::given_away(*source);
  return archive;
}

Result<void> add_files(libzip::Target& target, const std::vector<ZipFile>& files) {
  auto archive = open_for_writing(target, ZIP_TRUNCATE);
  if (!archive) return std::unexpected(archive.error());
  for (const auto& file : files) {
    if (auto added = add(archive->get(), file.name, file.bytes, compresses(file.bytes)); !added) return added;
  }
  return close(std::move(*archive));
}

/// A second pass, because only now the size is known. libzip leaves what it wrote where it is and appends.
Result<void> add_padding(libzip::Target& target, std::string_view name) {
  constexpr std::size_t headers = 30 + 46;  // local and central
  const std::size_t least = target.size() + headers + 2 * name.size() + least_padding;
  const std::string padding = random_bytes(padded_size(least) - least + least_padding);
  auto archive = open_for_writing(target, 0);
  if (!archive) return std::unexpected(archive.error());
  if (auto added = add(archive->get(), name, padding, false); !added) return added;
  return close(std::move(*archive));
}

/// What the zip will come to at most, with what lock_entry puts behind it: so that it is written to one place only.
std::size_t expected_size(const std::vector<ZipFile>& files) {
  std::size_t size = 1024;
  for (const auto& file : files) size += file.bytes.size() + 2 * file.name.size() + 128;
  return padded_size(size) + 1024;
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
  libzip::Target target(room, expected_size(files));
  if (auto added = add_files(target, files); !added) return std::unexpected(added.error());
  if (auto added = add_padding(target, padding_name); !added) return std::unexpected(added.error());
  return target.take();
}

}  // namespace zegel::seal
