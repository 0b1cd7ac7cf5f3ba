#pragma once

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

  /// The same for many hashes. What is waited for is memory, so all of it is asked for before any is used.
  template <class Use>
  void each_of(std::span<const std::uint64_t> hashes, Use use) const {
    if (pairs_.empty()) return;
    for (const auto hash : hashes) __builtin_prefetch(starts_.data() + (hash >> shift_));
    for (const auto hash : hashes) __builtin_prefetch(pairs_.data() + starts_[hash >> shift_]);
    for (const auto hash : hashes) each(hash, use);
  }

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

}  // namespace zegel::check
