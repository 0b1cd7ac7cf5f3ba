#include "seal/crc24.h"

#include <array>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace zegel::seal::pgp {

namespace {

// Kept in the upper 24 bits of a word so that eight octets can be folded in at a step.
constexpr std::uint32_t start = 0xB704CE00;
constexpr std::uint32_t polynomial = 0x864CFB00;

using Table = std::array<std::uint32_t, 256>;

/// tables[k][octet]: what an octet adds to the sum when k others follow it in the step.
constexpr std::array<Table, 8> tables = [] {
  std::array<Table, 8> made{};
  for (std::uint32_t i = 0; i < 256; ++i) {
    std::uint32_t crc = i << 24;
    for (int bit = 0; bit < 8; ++bit) crc = crc << 1 ^ ((crc & 0x80000000) != 0 ? polynomial : 0);
    made[0][i] = crc;
  }
  for (std::size_t k = 1; k < made.size(); ++k) {
    for (std::size_t i = 0; i < 256; ++i) made[k][i] = made[k - 1][i] << 8 ^ made[0][made[k - 1][i] >> 24];
  }
  return made;
}();

std::uint32_t word_at(std::string_view bytes, std::size_t at) {
  std::uint32_t word = 0;
  for (std::size_t i = 0; i < 4; ++i) word = word << 8 | static_cast<unsigned char>(bytes[at + i]);
  return word;
}

std::uint32_t four(std::uint32_t word, std::size_t last) {
  return tables[last + 3][word >> 24] ^ tables[last + 2][word >> 16 & 0xFF] ^ tables[last + 1][word >> 8 & 0xFF] ^
         tables[last][word & 0xFF];
}

std::uint32_t by_tables(std::uint32_t crc, std::string_view bytes) {
  std::size_t at = 0;
  for (; at + 8 <= bytes.size(); at += 8) crc = four(crc ^ word_at(bytes, at), 4) ^ four(word_at(bytes, at + 4), 0);
  for (; at < bytes.size(); ++at) crc = crc << 8 ^ tables[0][crc >> 24 ^ static_cast<unsigned char>(bytes[at])];
  return crc;
}

#if defined(__x86_64__)

constexpr std::size_t block = 16;
constexpr std::size_t lanes = 4;  ///< blocks in hand at a time: a product takes longer than to begin the next

/// x to that power, modulo the polynomial.
consteval std::int64_t power(unsigned exponent) {
  std::uint32_t rest = 0x100;  // 1, in the upper 24 bits
  for (; exponent > 0; --exponent) rest = rest << 1 ^ ((rest & 0x80000000) != 0 ? polynomial : 0);
  return rest >> 8;
}

/// What `sum` counts for `octets` octets further on, with `next` added.
template <unsigned octets>
[[gnu::target("pclmul,ssse3")]] inline __m128i fold(__m128i sum, __m128i next) {
  const __m128i factors = _mm_set_epi64x(power(octets * 8 + 64), power(octets * 8));
  return _mm_xor_si128(next,
                       _mm_xor_si128(_mm_clmulepi64_si128(sum, factors, 0x11), _mm_clmulepi64_si128(sum, factors, 0)));
}

[[gnu::target("pclmul,ssse3")]] inline __m128i turned(__m128i octets) {
  return _mm_shuffle_epi8(octets, _mm_set_epi8(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15));
}

[[gnu::target("pclmul,ssse3")]] inline __m128i block_at(const char* at) {
  return turned(_mm_loadu_si128(reinterpret_cast<const __m128i*>(at)));
}

/// By products without carries: all whole strides of `bytes` become one block of the same sum, which the tables end.
/// Takes off what it used, at least one stride.
[[gnu::target("pclmul,ssse3")]] std::uint32_t by_products(std::string_view& bytes) {
  constexpr std::size_t stride = block * lanes;
  std::array<__m128i, lanes> sums;
  for (std::size_t i = 0; i < lanes; ++i) sums[i] = block_at(bytes.data() + i * block);
  sums[0] = _mm_xor_si128(sums[0], _mm_set_epi32(static_cast<int>(start), 0, 0, 0));
  for (bytes.remove_prefix(stride); bytes.size() >= stride; bytes.remove_prefix(stride)) {
    for (std::size_t i = 0; i < lanes; ++i) sums[i] = fold<stride>(sums[i], block_at(bytes.data() + i * block));
  }
  __m128i sum = sums[0];
  for (std::size_t i = 1; i < lanes; ++i) sum = fold<block>(sum, sums[i]);
  std::array<char, block> last;
  _mm_storeu_si128(reinterpret_cast<__m128i*>(last.data()), turned(sum));
  return by_tables(0, {last.data(), last.size()});
}

bool has_products() {
  static const bool has = __builtin_cpu_supports("pclmul") && __builtin_cpu_supports("ssse3");
  return has;
}

#endif

}  // namespace

std::uint32_t crc24(std::string_view bytes) {
  std::uint32_t crc = start;
#if defined(__x86_64__)
  if (bytes.size() >= block * lanes && has_products()) crc = by_products(bytes);
#endif
  return by_tables(crc, bytes) >> 8;
}

}  // namespace zegel::seal::pgp
