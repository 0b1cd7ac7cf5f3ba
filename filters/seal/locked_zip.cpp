#include "seal/locked.h"
#include "seal/octets.h"

/// A zip's table of contents (APPNOTE 6.3.10) and WinZip's AES in it. Entries must fill the file from its first octet
/// to the table, as every zip program writes them: between them something could lie open.
namespace zegel::seal {

namespace {

constexpr std::size_t end_size = 22;
constexpr std::uint16_t is_encrypted = 1;
constexpr std::uint16_t has_descriptor = 8;
constexpr std::uint16_t method_aes = 99;
constexpr std::uint16_t extra_aes = 0x9901;

/// One entry as the table has it.
struct Entry {
  std::uint16_t flags, method;
  std::uint32_t compressed, size, at;
  std::string_view name, extra, comment;
};

Entry read_entry(Octets& table) {
  Entry entry{};
  if (table.u32() != 0x02014b50) table.take(SIZE_MAX);  // broken
  table.take(4);                                        // versions
  entry.flags = table.u16();
  entry.method = table.u16();
  table.take(8);  // time, CRC
  entry.compressed = table.u32();
  entry.size = table.u32();
  const auto name = table.u16();
  const auto extra = table.u16();
  const auto comment = table.u16();
  table.take(8);  // disk, attributes
  entry.at = table.u32();
  entry.name = table.take(name);
  entry.extra = table.take(extra);
  entry.comment = table.take(comment);
  return entry;
}

bool has_aes_field(std::string_view extra) {
  Octets fields(extra);
  while (!fields.at_end() && !fields.broken()) {
    const auto id = fields.u16();
    Octets field(fields.take(fields.u16()));
    if (id != extra_aes) continue;
    const auto version = field.u16();
    const bool by_winzip = field.take(2) == "AE";
    const auto strength = field.u8();
    return !field.broken() && by_winzip && (version == 1 || version == 2) && strength >= 1 && strength <= 3;
  }
  return false;
}

/// A folder or an empty file has nothing to lock.
bool is_empty(const Entry& entry) { return entry.compressed == 0 && entry.size == 0; }

bool is_aes(const Entry& entry) {
  return (entry.flags & is_encrypted) != 0 && entry.method == method_aes && has_aes_field(entry.extra);
}

/// Where the entry's data ends, which must begin at `at`; 0 if the header there says other than the table.
std::uint64_t end_of(std::string_view file, const Entry& entry) {
  Octets local = octets_from(file, entry.at);
  if (local.u32() != 0x04034b50) return 0;
  local.take(2);
  const bool alike = local.u16() == entry.flags && local.u16() == entry.method;
  local.take(16);
  const auto name_size = local.u16();
  const auto extra_size = local.u16();
  const bool same_name = local.take(name_size) == entry.name;
  local.take(extra_size);
  local.take(entry.compressed);
  if (local.broken() || !alike || !same_name) return 0;
  std::uint64_t end = std::uint64_t{entry.at} + 30 + name_size + extra_size + entry.compressed;
  if ((entry.flags & has_descriptor) != 0) end += local.u32() == 0x08074b50 ? 16 : 12;
  return end;
}

}  // namespace

bool is_locked_zip(std::string_view file) {
  if (file.size() < end_size || !file.starts_with("PK\3\4")) return false;
  Octets end(file.substr(file.size() - end_size));
  if (end.u32() != 0x06054b50 || end.u32() != 0) return false;
  const auto here = end.u16();
  const auto total = end.u16();
  const auto table_size = end.u32();
  const auto table_at = end.u32();
  if (here != total || std::uint64_t{table_at} + table_size + end_size != file.size() || end.u16() != 0) return false;
  Octets table(file.substr(table_at, table_size));
  std::uint64_t next = 0;
  bool some = false;
  for (unsigned i = 0; i < total; ++i) {
    const Entry entry = read_entry(table);
    if (table.broken() || !entry.comment.empty() || entry.at != next) return false;
    if (!is_empty(entry) && !is_aes(entry)) return false;
    some = some || !is_empty(entry);
    next = end_of(file, entry);
    if (next == 0) return false;
  }
  return some && next == table_at && table.at_end();
}

}  // namespace zegel::seal
