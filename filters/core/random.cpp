#include "core/random.h"

#include <cstring>
#include <stdexcept>

#include <openssl/rand.h>
#include <sys/random.h>

#include "core/text.h"

namespace zegel {

namespace {
constexpr std::string_view crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr std::size_t reference_length = 10;

/// So many octets the kernel gives whole or not at all (getrandom(2)), at half of what OpenSSL's generator asks for
/// few; that one is the quicker for many.
constexpr std::size_t few = 256;

bool fill(std::string& bytes) {
  if (bytes.size() <= few) return ::getrandom(bytes.data(), bytes.size(), 0) == static_cast<ssize_t>(bytes.size());
  return RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(bytes.size())) == 1;
}

}  // namespace

std::string random_bytes(std::size_t size) {
  std::string bytes(size, '\0');
  if (!fill(bytes)) throw std::runtime_error("the system has no random numbers to give");
  return bytes;
}

std::uint32_t random_below(std::uint32_t bound) {
  // Numbers at or above the largest multiple of bound are thrown away; each pass succeeds with a chance above one half.
  const std::uint32_t limit = static_cast<std::uint32_t>((std::uint64_t{1} << 32) / bound * bound - 1);
  for (;;) {
    std::uint32_t number = 0;
    const std::string bytes = random_bytes(sizeof number);
    std::memcpy(&number, bytes.data(), sizeof number);
    if (number <= limit) return number % bound;
  }
}

std::string new_reference() {
  std::string reference;
  for (const char c : random_bytes(reference_length)) reference += crockford[static_cast<unsigned char>(c) % 32];
  return reference;
}

std::string parse_reference(std::string_view typed) {
  std::string reference;
  for (const char c : text::trim(typed)) {
    const char up = text::upper(c);
    reference += up == 'O' ? '0' : up == 'I' || up == 'L' ? '1' : up;
  }
  if (reference.size() != reference_length || reference.find_first_not_of(crockford) != std::string::npos) return {};
  return reference;
}

}  // namespace zegel
