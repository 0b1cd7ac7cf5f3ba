#include "mail/survey.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <stdexcept>

namespace zegel::mail {

namespace {

constexpr std::size_t block_size = 64;
constexpr std::size_t stretch_size = block_size * 64;  // one word of the alphabet's bits
constexpr std::size_t most_dash_lines = 1 << 20;       // kept; those after them are looked for when asked

/// What stands where in one block: bit i for octet i.
struct Marks {
  std::uint64_t cr, lf, dash, nul, eight_bit, alphabet;
};

#if defined(__clang__)

using Octets = unsigned char __attribute__((ext_vector_type(block_size)));
using Bits = bool __attribute__((ext_vector_type(block_size)));

/// By reference, for a vector has no fixed way to be handed over.
template <class Comparison>
[[gnu::always_inline]] inline std::uint64_t bits(const Comparison& comparison) {
  return std::bit_cast<std::uint64_t>(__builtin_convertvector(comparison, Bits));
}

/// Clang makes of this what the processor has: a few instructions a block with AVX-512, sixteen octets at once with
/// SSE2.
[[gnu::always_inline]] inline Marks marks_of(const char* at) {
  Octets v;
  std::memcpy(&v, at, block_size);
  const auto letter = static_cast<Octets>((v | 0x20) - 'a') < 26;
  const auto digit = static_cast<Octets>(v - '/') < 11;  // '/' stands just before '0'
  const auto cr = v == '\r';
  const auto lf = v == '\n';
  return {bits(cr),     bits(lf),       bits(v == '-'),
          bits(v == 0), bits(v > 0x7F), bits(letter | digit | (v == '+') | cr | lf)};
}

#else

inline Marks marks_of(const char* at) {
  Marks marks{};
  for (std::size_t i = 0; i < block_size; ++i) {
    const auto c = static_cast<unsigned char>(at[i]);
    const std::uint64_t bit = std::uint64_t{1} << i;
    const bool alphabet = static_cast<unsigned char>((c | 0x20) - 'a') < 26 || (c >= '/' && c <= '9') || c == '+';
    marks.cr |= c == '\r' ? bit : 0;
    marks.lf |= c == '\n' ? bit : 0;
    marks.dash |= c == '-' ? bit : 0;
    marks.nul |= c == 0 ? bit : 0;
    marks.eight_bit |= c > 0x7F ? bit : 0;
    marks.alphabet |= alphabet || c == '\r' || c == '\n' ? bit : 0;
  }
  return marks;
}

#endif

}  // namespace

/// The pass itself, block after block.
struct Sweep {
  Survey& survey;
  std::size_t longest;
  std::size_t line_begin = 0;  ///< of the line being read
  std::uint64_t after_cr = 0;  ///< 1: the last octet was CR
  std::uint64_t after_lf = 1;  ///< 1: the next octet begins a line
  std::uint64_t offences = 0;  ///< any bit: a bare CR or LF
  std::uint64_t nuls = 0;
  std::uint64_t eight_bits = 0;
  std::uint32_t line_ends = 0;

  [[gnu::always_inline]] inline void block(std::size_t at, const Marks& marks) {
    offences |= marks.lf ^ (marks.cr << 1 | after_cr);
    after_cr = marks.cr >> 63;
    nuls |= marks.nul;
    eight_bits |= marks.eight_bit;
    std::uint64_t dashes = marks.dash & (marks.lf << 1 | after_lf);
    after_lf = marks.lf >> 63;
    if (dashes != 0) [[unlikely]]
      add_dash_lines(at, dashes);
    if (marks.lf == 0) return;
    const std::size_t first = at + static_cast<std::size_t>(std::countr_zero(marks.lf));
    if (first - line_begin > longest + 1) [[unlikely]]
      add_long_line();
    line_begin = at + 64 - static_cast<std::size_t>(std::countl_zero(marks.lf));
    line_ends += static_cast<std::uint32_t>(std::popcount(marks.lf));
  }

  [[gnu::noinline]] void add_dash_lines(std::size_t at, std::uint64_t dashes) {
    if (survey.dash_lines_.size() >= most_dash_lines) return;
    for (; dashes != 0; dashes &= dashes - 1) {
      const std::size_t begin = at + static_cast<std::size_t>(std::countr_zero(dashes));
      if (survey.bytes_.substr(begin, 2) == "--") survey.dash_lines_.push_back(static_cast<std::uint32_t>(begin));
    }
  }

  [[gnu::noinline]] void add_long_line() {
    if (survey.first_long_line_ == std::string_view::npos) survey.first_long_line_ = line_begin;
  }

  [[gnu::always_inline]] inline void run() {
    const std::string_view bytes = survey.bytes_;
    std::size_t at = 0;
    while (at < bytes.size()) {
      survey.line_ends_.push_back(line_ends);
      std::uint64_t word = 0;
      for (std::size_t i = 0; i < 64 && at + block_size <= bytes.size(); ++i, at += block_size) {
        const Marks marks = marks_of(bytes.data() + at);
        block(at, marks);
        word |= std::uint64_t{marks.alphabet == ~std::uint64_t{0}} << i;
      }
      survey.alphabet_.push_back(word);
      if (bytes.size() - at < block_size) break;
    }
    last(at);
  }

  /// What is left is less than a block: padded with blanks, which change nothing.
  void last(std::size_t at) {
    const std::string_view bytes = survey.bytes_;
    char padded[block_size];
    std::memset(padded, ' ', block_size);
    std::memcpy(padded, bytes.data() + at, bytes.size() - at);
    block(at, marks_of(padded));
    // A CR as the very last octet has no LF: in a full block the bit shows only here.
    if (bytes.ends_with('\r') || after_cr != 0) offences = 1;
    if (bytes.size() > line_begin && bytes.size() - line_begin > longest) add_long_line();
    survey.has_nul_ = nuls != 0;
    survey.has_8bit_ = eight_bits != 0;
    survey.clean_line_ends_ = offences == 0;
  }
};

namespace {

#if defined(__clang__) && defined(__x86_64__)

[[gnu::target("avx512bw,avx512vl,bmi,bmi2,lzcnt,popcnt")]] void run_avx512(Sweep& sweep) { sweep.run(); }
[[gnu::target("avx2,bmi,bmi2,lzcnt,popcnt")]] void run_avx2(Sweep& sweep) { sweep.run(); }

void run(Sweep& sweep) {
  if (__builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl")) return run_avx512(sweep);
  if (__builtin_cpu_supports("avx2")) return run_avx2(sweep);
  sweep.run();
}

#else

void run(Sweep& sweep) { sweep.run(); }

#endif

/// Sums of one octet over up to 255 of them, so that the compiler can add many at once.
std::size_t count_line_ends(std::string_view text) {
  std::size_t count = 0;
  while (!text.empty()) {
    std::uint8_t sum = 0;
    for (const char c : text.substr(0, 255)) sum = static_cast<std::uint8_t>(sum + (c == '\n' ? 1 : 0));
    count += sum;
    text.remove_prefix(std::min<std::size_t>(255, text.size()));
  }
  return count;
}

bool in_alphabet(char c) {
  const auto octet = static_cast<unsigned char>(c);
  return static_cast<unsigned char>((octet | 0x20) - 'a') < 26 || (c >= '/' && c <= '9') || c == '+' || c == '\r' ||
         c == '\n';
}

}  // namespace

Survey::Survey(std::string_view bytes, std::size_t longest) : bytes_(bytes) {
  if (bytes.size() > UINT32_MAX) throw std::length_error("a message of 4 GB or more");
  alphabet_.reserve(bytes.size() / stretch_size + 1);
  line_ends_.reserve(bytes.size() / stretch_size + 1);
  dash_lines_.reserve(16);
  Sweep sweep{*this, longest};
  run(sweep);
}

std::size_t Survey::next_dash_line(std::size_t position) {
  if (next_dash_ > 0 && dash_lines_[next_dash_ - 1] >= position) {
    next_dash_ = static_cast<std::size_t>(std::ranges::lower_bound(dash_lines_, position) - dash_lines_.begin());
  }
  while (next_dash_ < dash_lines_.size() && dash_lines_[next_dash_] < position) ++next_dash_;
  if (next_dash_ < dash_lines_.size()) return dash_lines_[next_dash_];
  if (dash_lines_.size() < most_dash_lines) return std::string_view::npos;
  const std::size_t lf = bytes_.find("\n--", std::max<std::size_t>(position, dash_lines_.back() + 1) - 1);
  return lf == std::string_view::npos ? lf : lf + 1;
}

std::size_t Survey::line_ends_before(std::size_t position) const {
  if (line_ends_.empty()) return 0;
  const std::size_t stretch = std::min(position / stretch_size, line_ends_.size() - 1);
  const std::string_view rest = bytes_.substr(stretch * stretch_size, position - stretch * stretch_size);
  return line_ends_[stretch] + count_line_ends(rest);
}

bool Survey::is_base64_alphabet(std::size_t begin, std::size_t end) const {
  while (begin < end) {
    const std::size_t block = begin / block_size;
    const std::size_t block_end = (block + 1) * block_size;
    const bool known = block_end <= bytes_.size() && (alphabet_[block / 64] >> (block % 64) & 1) != 0;
    const std::size_t stop = std::min(block_end, end);
    if (!known && !std::ranges::all_of(bytes_.substr(begin, stop - begin), in_alphabet)) return false;
    begin = stop;
  }
  return true;
}

}  // namespace zegel::mail
