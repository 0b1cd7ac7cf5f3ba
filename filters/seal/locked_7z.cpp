#include <algorithm>
#include <array>
#include <cstdlib>
#include <optional>
#include <string>
#include <vector>

#include <lzma.h>

#include "seal/locked.h"
#include "seal/octets.h"

/// A 7z's table of contents (7zFormat.txt of the LZMA SDK): packed streams, and the chain of coders that each folder's
/// streams go through. The table is usually a stream itself, packed with LZMA or, with `-mhe`, encrypted too.
namespace zegel::seal {

namespace {

constexpr std::size_t start_size = 32;
constexpr std::uint64_t most = 10'000;            // streams, folders
constexpr std::uint64_t largest_table = 1 << 20;  // unpacked
constexpr std::uint64_t aes_block = 16;
constexpr std::string_view aes = "\x06\xF1\x07\x01";
constexpr std::string_view lzma = "\x03\x01\x01";

enum Property : std::uint8_t {
  end = 0,
  header = 1,
  archive_properties = 2,
  main_streams = 4,
  pack_info = 6,
  unpack_info = 7,
  size = 9,
  crc = 10,
  folder_list = 11,
  unpack_sizes = 12,
  encoded_header = 23
};

struct Coder {
  std::string_view method, properties;
};

struct Folder {
  std::vector<Coder> coders;
  std::uint64_t packed = 0;   ///< streams that go into it
  std::uint64_t outputs = 0;  ///< one size each
  std::uint64_t unpacked = 0;
};

struct Streams {
  std::uint64_t at = 0;  ///< behind the start header
  std::vector<std::uint64_t> sizes;
  std::vector<Folder> folders;
};

/// NUMBER of the format: the first octet's leading ones say how many follow.
std::uint64_t number(Octets& in) {
  const std::uint8_t first = in.u8();
  std::uint64_t value = 0;
  std::uint8_t mask = 0x80;
  for (unsigned i = 0; i < 8; ++i, mask >>= 1) {
    if ((first & mask) == 0) return value | std::uint64_t(first & (mask - 1U)) << (8 * i);
    value |= std::uint64_t{in.u8()} << (8 * i);
  }
  return value;
}

/// A CRC each, where it is defined.
bool skip_crcs(Octets& in, std::uint64_t count) {
  std::uint64_t defined = count;
  if (in.u8() == 0) {
    defined = 0;
    for (std::uint64_t i = 0; i < count; i += 8) defined += static_cast<unsigned>(__builtin_popcount(in.u8()));
  }
  in.take(4 * defined);
  return !in.broken();
}

bool read_pack_info(Octets& in, Streams& streams) {
  streams.at = number(in);
  const std::uint64_t count = number(in);
  if (count > most || in.u8() != Property::size) return false;
  for (std::uint64_t i = 0; i < count; ++i) streams.sizes.push_back(number(in));
  std::uint8_t property = in.u8();
  if (property == Property::crc && skip_crcs(in, count)) property = in.u8();
  return property == Property::end && !in.broken();
}

std::optional<Folder> read_folder(Octets& in) {
  Folder folder;
  std::uint64_t inputs = 0;
  const std::uint64_t coders = number(in);
  if (coders == 0 || coders > 32) return std::nullopt;
  for (std::uint64_t i = 0; i < coders; ++i) {
    const std::uint8_t flags = in.u8();
    Coder coder{in.take(flags & 15U), {}};
    const bool complex = (flags & 16U) != 0;
    inputs += complex ? number(in) : 1;
    folder.outputs += complex ? number(in) : 1;
    if ((flags & 32U) != 0) coder.properties = in.take(number(in));
    folder.coders.push_back(coder);
    if (in.broken() || inputs > 64 || folder.outputs > 64 || flags > 63) return std::nullopt;
  }
  const std::uint64_t bound = folder.outputs - 1;
  if (folder.outputs == 0 || inputs < bound) return std::nullopt;
  for (std::uint64_t i = 0; i < 2 * bound; ++i) number(in);
  folder.packed = inputs - bound;
  for (std::uint64_t i = 0; folder.packed > 1 && i < folder.packed; ++i) number(in);
  return folder;
}

bool read_unpack_info(Octets& in, Streams& streams) {
  if (in.u8() != Property::folder_list) return false;
  const std::uint64_t count = number(in);
  if (count > most || in.u8() != 0) return false;  // 1: the folders stand elsewhere
  for (std::uint64_t i = 0; i < count; ++i) {
    auto folder = read_folder(in);
    if (!folder) return false;
    streams.folders.push_back(std::move(*folder));
  }
  if (in.u8() != Property::unpack_sizes) return false;
  for (Folder& folder : streams.folders) {
    for (std::uint64_t i = 0; i < folder.outputs; ++i) folder.unpacked = number(in);
  }
  std::uint8_t property = in.u8();
  if (property == Property::crc && skip_crcs(in, count)) property = in.u8();
  return property == Property::end && !in.broken();
}

/// As far as the folders; what follows says how their octets divide into files.
std::optional<Streams> read_streams(Octets& in) {
  Streams streams;
  if (in.u8() != Property::pack_info || !read_pack_info(in, streams)) return std::nullopt;
  if (in.u8() != Property::unpack_info || !read_unpack_info(in, streams)) return std::nullopt;
  return streams;
}

bool is_encrypted(const Folder& folder) {
  const auto locks = std::ranges::count(folder.coders, aes, &Coder::method);
  return static_cast<std::uint64_t>(locks) == folder.packed;
}

/// Every stream is one that goes through a lock.
bool all_encrypted(const Streams& streams) {
  std::uint64_t packed = 0;
  for (const Folder& folder : streams.folders) packed += folder.packed;
  return !streams.folders.empty() && packed == streams.sizes.size() &&
         std::ranges::all_of(streams.folders, is_encrypted);
}

/// Where the last stream ends; the format has them one behind the other.
std::uint64_t end_of(const Streams& streams, std::size_t file_size) {
  std::uint64_t at = streams.at;
  for (const std::uint64_t one : streams.sizes) at += std::min<std::uint64_t>(one, file_size);
  return at;
}

/// liblzma's decoder, ended with the scope.
struct Decoder {
  lzma_stream stream = LZMA_STREAM_INIT;
  Decoder() = default;
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;
  ~Decoder() { lzma_end(&stream); }
};

std::optional<std::string> unpack(std::string_view packed, const Coder& coder, std::uint64_t size) {
  if (coder.method != lzma || size == 0 || size > largest_table) return std::nullopt;
  std::array<lzma_filter, 2> filters = {{{LZMA_FILTER_LZMA1, nullptr}, {LZMA_VLI_UNKNOWN, nullptr}}};
  const auto* properties = reinterpret_cast<const std::uint8_t*>(coder.properties.data());
  if (lzma_properties_decode(filters.data(), nullptr, properties, coder.properties.size()) != LZMA_OK)
    return std::nullopt;
  auto* options = static_cast<lzma_options_lzma*>(filters[0].options);
  // No further back than to the first octet: a table asks for no more memory than its size.
  options->dict_size = std::clamp<std::uint32_t>(options->dict_size, LZMA_DICT_SIZE_MIN, largest_table);
  Decoder decoder;
  const bool ready = lzma_raw_decoder(&decoder.stream, filters.data()) == LZMA_OK;
  std::free(options);  // as liblzma asks; the decoder has what it needs
  if (!ready) return std::nullopt;
  std::string out(size, '\0');
  decoder.stream.next_in = reinterpret_cast<const std::uint8_t*>(packed.data());
  decoder.stream.avail_in = packed.size();
  decoder.stream.next_out = reinterpret_cast<std::uint8_t*>(out.data());
  decoder.stream.avail_out = out.size();
  const auto outcome = lzma_code(&decoder.stream, LZMA_RUN);
  if ((outcome != LZMA_OK && outcome != LZMA_STREAM_END) || decoder.stream.avail_out != 0) return std::nullopt;
  return out;
}

/// A table that can be read: whether all that it lists is encrypted, up to `data_end`.
bool locks_all(Octets& in, std::size_t file_size, std::uint64_t data_end) {
  if (in.u8() != Property::header || in.u8() != Property::main_streams) return false;
  const auto streams = read_streams(in);
  return streams && streams->at == 0 && all_encrypted(*streams) && end_of(*streams, file_size) == data_end;
}

}  // namespace

bool is_locked_7z(std::string_view file) {
  if (!file.starts_with("7z\xBC\xAF\x27\x1C") || file.size() < start_size) return false;
  Octets start(file.substr(12, start_size - 12));
  const std::uint64_t table_at = start.u64();
  const std::uint64_t table_size = start.u64();
  const std::string_view data = file.substr(start_size);
  if (table_at > data.size() || table_size != data.size() - table_at || table_size == 0) return false;
  Octets table(data.substr(table_at));
  if (static_cast<std::uint8_t>(data[table_at]) == Property::header) return locks_all(table, file.size(), table_at);
  if (table.u8() != Property::encoded_header) return false;
  const auto packed = read_streams(table);
  if (!packed || packed->folders.size() != 1 || packed->sizes.size() != 1) return false;
  if (packed->at > table_at || packed->sizes[0] != table_at - packed->at) return false;
  const Folder& folder = packed->folders[0];
  // The table too: then nobody can tell what is in it, but that it is whole blocks, which open streams seldom are.
  if (is_encrypted(folder)) return packed->at > 0 && packed->at % aes_block == 0;
  if (folder.coders.size() != 1) return false;
  const auto plain = unpack(data.substr(packed->at, packed->sizes[0]), folder.coders[0], folder.unpacked);
  if (!plain) return false;
  Octets inner(*plain);
  return locks_all(inner, file.size(), packed->at);
}

}  // namespace zegel::seal
