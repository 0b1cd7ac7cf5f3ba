#include "seal/compound_file.h"

#include <algorithm>

#include "seal/octets.h"

namespace zegel::seal {

namespace {

constexpr std::size_t header_size = 512;
constexpr std::size_t in_header = 109;              // sectors of the FAT that the header names
constexpr std::uint32_t last_sector = 0xFFFF'FFFA;  // from here on no sector: end of chain, free, …
constexpr std::size_t entry_size = 128;
constexpr std::size_t most_entries = 1'000;
constexpr std::size_t mini_sector = 64;
constexpr std::uint64_t mini_limit = 4'096;  // shorter streams lie in the root's

std::uint32_t u32_at(std::string_view bytes, std::size_t at) { return octets_from(bytes, at).u32(); }

CompoundFile::Entry read_entry(std::string_view raw) {
  CompoundFile::Entry entry;
  const std::size_t octets = std::min<std::size_t>(octets_from(raw, 64).u16(), 64);
  for (std::size_t i = 0; i + 4 <= octets; i += 2) entry.name += raw[i + 1] == 0 && raw[i] > 0 ? raw[i] : '?';
  entry.kind = octets_from(raw, 66).u8();
  entry.first = u32_at(raw, 116);
  entry.size = octets_from(raw, 120).u64();
  return entry;
}

}  // namespace

std::optional<CompoundFile> CompoundFile::open(std::string_view bytes) {
  CompoundFile file(bytes);
  if (!file.read_header() || !file.read_directory()) return std::nullopt;
  return file;
}

bool CompoundFile::read_header() {
  if (!bytes_.starts_with("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1") || bytes_.size() < header_size) return false;
  const auto shift = octets_from(bytes_, 30).u16();
  if ((shift != 9 && shift != 12) || octets_from(bytes_, 28).u16() != 0xFFFE) return false;
  sector_size_ = std::size_t{1} << shift;
  first_directory_ = u32_at(bytes_, 48);
  first_mini_fat_ = u32_at(bytes_, 60);
  mini_fat_sectors_ = u32_at(bytes_, 64);
  for (std::size_t i = 0; i < in_header; ++i) fat_.push_back(u32_at(bytes_, 76 + 4 * i));
  // Larger files: more of the FAT's sectors are named in a chain, the last number of each its next one.
  const std::size_t sectors = bytes_.size() / sector_size_;
  std::uint32_t more = u32_at(bytes_, 68);
  for (std::size_t i = 0; more < last_sector && i <= sectors / (sector_size_ / 4); ++i) {
    const std::string_view names = sector(more);
    if (names.empty()) return false;
    for (std::size_t at = 0; at + 4 < sector_size_; at += 4) fat_.push_back(u32_at(names, at));
    more = u32_at(names, sector_size_ - 4);
  }
  return true;
}

bool CompoundFile::read_directory() {
  std::uint32_t at = first_directory_;
  for (std::size_t read = 0; at < last_sector && read < most_entries; at = next(at)) {
    const std::string_view raw = sector(at);
    if (raw.empty()) return false;
    for (std::size_t i = 0; i + entry_size <= raw.size(); i += entry_size, ++read) {
      Entry entry = read_entry(raw.substr(i, entry_size));
      if (entry.kind != 0) entries_.push_back(std::move(entry));
    }
  }
  return at >= last_sector && !entries_.empty() && entries_.front().kind == 5;
}

/// Nothing when it lies outside the file.
std::string_view CompoundFile::sector(std::uint32_t number) const {
  const std::uint64_t at = (std::uint64_t{number} + 1) * sector_size_;
  return at + sector_size_ <= bytes_.size() ? bytes_.substr(at, sector_size_) : std::string_view();
}

std::uint32_t CompoundFile::next(std::uint32_t number) const {
  const std::size_t numbers = sector_size_ / 4;
  const std::size_t index = number / numbers;
  const std::string_view names = index < fat_.size() ? sector(fat_[index]) : std::string_view();
  return names.empty() ? last_sector : u32_at(names, number % numbers * 4);
}

std::optional<std::string> CompoundFile::chain(std::uint32_t first, std::uint64_t size) const {
  std::string out;
  for (std::uint32_t at = first; out.size() < size; at = next(at)) {
    const std::string_view one = at < last_sector ? sector(at) : std::string_view();
    if (one.empty()) return std::nullopt;
    out += one;
  }
  out.resize(size);
  return out;
}

std::optional<std::string> CompoundFile::mini_chain(std::uint32_t first, std::uint64_t size) const {
  if (mini_fat_sectors_ > 1'000 || entries_.front().size > 1'000'000) return std::nullopt;
  const auto table = chain(first_mini_fat_, mini_fat_sectors_ * sector_size_);
  const auto all = chain(entries_.front().first, entries_.front().size);
  if (!table || !all) return std::nullopt;
  std::string out;
  for (std::uint32_t at = first; out.size() < size; at = u32_at(*table, std::size_t{at} * 4)) {
    if (at >= all->size() / mini_sector || at >= table->size() / 4) return std::nullopt;
    out += all->substr(std::size_t{at} * mini_sector, mini_sector);
  }
  out.resize(size);
  return out;
}

std::optional<std::string> CompoundFile::read(const Entry& entry, std::size_t limit) const {
  if (entry.size > limit) return std::nullopt;
  return entry.size < mini_limit ? mini_chain(entry.first, entry.size) : chain(entry.first, entry.size);
}

}  // namespace zegel::seal
