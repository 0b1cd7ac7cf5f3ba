#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace zegel::check {

/// Numbers under 64-bit hashes, several under one: all in two arrays, built once. The tables hold a part of each hash
/// only, so whoever looks up compares the real thing.
class MultiTable {
 public:
  /// `produce(emit)` must call `emit(hash, number)` for every pair, and do the same when called again.
  template <class Produce>
  void build(Produce produce) {
    std::size_t count = 0;
    produce([&](std::uint64_t, std::uint32_t) { ++count; });
    shift_ = 64 - static_cast<unsigned>(std::bit_width(count / 2 + 1));
    starts_.assign((1ULL << (64 - shift_)) + 1, 0);
    produce([&](std::uint64_t hash, std::uint32_t) { ++starts_[(hash >> shift_) + 1]; });
    for (std::size_t i = 1; i < starts_.size(); ++i) starts_[i] += starts_[i - 1];
    pairs_.resize(count);
    std::vector<std::uint32_t> next(starts_.begin(), starts_.end() - 1);
    produce([&](std::uint64_t hash, std::uint32_t number) { pairs_[next[hash >> shift_]++] = {tag(hash), number}; });
  }

  /// Every number under the hash (and, rarely, a stranger).
  template <class Use>
  void each(std::uint64_t hash, Use use) const {
    if (pairs_.empty()) return;
    const auto bucket = hash >> shift_;
    for (auto i = starts_[bucket]; i < starts_[bucket + 1]; ++i) {
      if (pairs_[i].tag == tag(hash)) use(pairs_[i].number);
    }
  }

  /// Asks for the memory that each(hash) will read: first of the one array, then, called again, of the other.
  void prefetch_start(std::uint64_t hash) const { __builtin_prefetch(starts_.data() + (hash >> shift_)); }
  void prefetch_pairs(std::uint64_t hash) const { __builtin_prefetch(pairs_.data() + starts_[hash >> shift_]); }

  [[nodiscard]] std::size_t memory() const {
    return starts_.capacity() * sizeof(std::uint32_t) + pairs_.capacity() * sizeof(Pair);
  }

 private:
  struct Pair {
    std::uint32_t tag;
    std::uint32_t number;
  };
  static std::uint32_t tag(std::uint64_t hash) { return static_cast<std::uint32_t>(hash); }

  unsigned shift_ = 63;
  std::vector<std::uint32_t> starts_;
  std::vector<Pair> pairs_;
};

/// Says of most hashes that are not in a table that they are not, and of none that is: two bits in a word for each
/// (a blocked Bloom filter). An eighth of the table, so it stays near the processor.
class Sieve {
 public:
  template <class Produce>
  void build(Produce produce) {
    std::size_t count = 0;
    produce([&](std::uint64_t, std::uint32_t) { ++count; });
    words_.assign(std::bit_ceil(count / 8 + 1), 0);
    produce([&](std::uint64_t hash, std::uint32_t) { words_[word_of(hash)] |= bits_of(hash); });
  }
  void prefetch(std::uint64_t hash) const { __builtin_prefetch(words_.data() + word_of(hash)); }
  [[nodiscard]] bool may_hold(std::uint64_t hash) const { return (~words_[word_of(hash)] & bits_of(hash)) == 0; }
  [[nodiscard]] std::size_t memory() const { return words_.capacity() * sizeof(std::uint64_t); }

 private:
  [[nodiscard]] std::size_t word_of(std::uint64_t hash) const { return (hash >> 12) & (words_.size() - 1); }
  static std::uint64_t bits_of(std::uint64_t hash) { return 1ULL << (hash & 63U) | 1ULL << ((hash >> 6) & 63U); }

  std::vector<std::uint64_t> words_ = {0};
};

/// A MultiTable that is asked for many hashes at once, few of which it has.
class SievedTable {
 public:
  template <class Produce>
  void build(Produce produce) {
    table_.build(produce);
    sieve_.build(produce);
  }

  /// Every number under any of the hashes. What is waited for is memory, so all of it is asked for before any is used.
  template <std::size_t most, class Use>
  void each_of(std::span<const std::uint64_t> hashes, Use use) const {
    std::array<std::uint64_t, most> kept;
    std::size_t count = 0;
    for (const auto hash : hashes.first(std::min(most, hashes.size()))) sieve_.prefetch(hash);
    for (const auto hash : hashes.first(std::min(most, hashes.size()))) {
      kept[count] = hash;
      count += sieve_.may_hold(hash) ? 1U : 0U;
    }
    const std::span found(kept.data(), count);
    for (const auto hash : found) table_.prefetch_start(hash);
    for (const auto hash : found) table_.prefetch_pairs(hash);
    for (const auto hash : found) table_.each(hash, use);
  }

  [[nodiscard]] std::size_t memory() const { return table_.memory() + sieve_.memory(); }

 private:
  MultiTable table_;
  Sieve sieve_;
};

}  // namespace zegel::check
