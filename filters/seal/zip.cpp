#include "seal/zip.h"

#include <zlib.h>

#include "seal/winzip_aes.h"
#include "seal/zip_pack.h"

/// The outer zip, written octet by octet: APPNOTE 6.3.10 (local header, central directory, its end) with WinZip's extra
/// field for AES.
namespace zegel::seal {

namespace {

constexpr std::size_t local_size = 30;
constexpr std::size_t extra_size = 11;

/// Little-endian numbers, one after the other.
struct Writer {
  std::string bytes = {};
  Writer& u16(std::size_t n) { return number(n, 2); }
  Writer& u32(std::size_t n) { return number(n, 4); }
  Writer& text(std::string_view s) {
    bytes += s;
    return *this;
  }
  Writer& number(std::size_t n, int octets) {
    for (int i = 0; i < octets; ++i) bytes += static_cast<char>(n >> (8 * i));
    return *this;
  }
};

struct Entry {
  std::string_view name;
  std::size_t size;  ///< before it was locked
  std::size_t crc;
};

/// What the local and the central header have in common: from "version needed" to the length of the extra field.
void common(Writer& to, const Entry& entry) {
  to.u16(51).u16(1);              // version needed: 5.1, AES. Flags: encrypted
  to.u16(99).u16(0).u16(0x0021);  // method: see the extra field. 1 January 1980, 0:00
  to.u32(entry.crc).u32(entry.size + winzip_aes::overhead).u32(entry.size);
  to.u16(entry.name.size()).u16(extra_size);
}

void extra(Writer& to) { to.u16(0x9901).u16(7).u16(1).text("AE").number(3, 1).u16(0); }  // AE-1, AES-256, stored

std::string local_header(const Entry& entry) {
  Writer to;
  to.u32(0x04034b50);
  common(to, entry);
  to.text(entry.name);
  extra(to);
  return to.bytes;
}

std::string directory(std::size_t at, const Entry& entry) {
  Writer to;
  to.u32(0x02014b50).u16(51);
  common(to, entry);
  to.u16(0).u16(0).u16(0).u32(0).u32(0);  // comment, disk, attributes, offset of the local header
  to.text(entry.name);
  extra(to);
  const std::size_t size = to.bytes.size();
  to.u32(0x06054b50).u16(0).u16(0).u16(1).u16(1).u32(size).u32(at).u16(0);
  return to.bytes;
}

}  // namespace

std::size_t crc32(std::string_view bytes, std::size_t before) {
  return ::crc32_z(before, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
}

std::size_t room_for_entry(std::string_view name) { return local_size + name.size() + extra_size + winzip_aes::before; }

void lock_entry(std::string& data, std::string_view name, const Secret& password) {
  const std::size_t begin = room_for_entry(name);
  const std::size_t end = data.size();
  const Entry entry = {name, end - begin, crc32(std::string_view(data).substr(begin))};
  data.append(winzip_aes::mac_size, '\0');
  winzip_aes::lock(data, begin, end, password);
  const std::string header = local_header(entry);
  data.replace(0, header.size(), header);
  data += directory(data.size(), entry);
}

Result<std::string> lock_in_zip(const std::vector<ZipFile>& files, std::string_view inner_name,
                                std::string_view padding_name, const Secret& password) {
  if (files.empty()) return fail("a zip was to be locked without a file in it");
  if (password.empty()) return fail("a zip was to be locked without a password");
  auto zip = pack_files(files, padding_name, room_for_entry(inner_name));
  if (!zip) return zip;
  if (zip->size() > 0x7FFF'FFFF) return fail("the attachments are too large for a zip");
  lock_entry(*zip, inner_name, password);
  if (auto same = check_locked(*zip, files, inner_name, padding_name, password); !same) {
    return std::unexpected(same.error());
  }
  return zip;
}

}  // namespace zegel::seal
