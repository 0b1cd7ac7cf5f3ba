#include <array>
#include <charconv>
#include <optional>
#include <stdexcept>

#include <openssl/evp.h>

#include "core/base64.h"
#include "core/digest.h"
#include "core/random.h"
#include "core/text.h"
#include "receive/users.h"

namespace zegel::receive {
namespace {

struct Cost {
  unsigned ln = 15;  // log2 of N
  unsigned r = 8;
  unsigned p = 1;
};

constexpr std::size_t hash_size = 32;
constexpr std::uint64_t most_memory = std::uint64_t{1} << 30;

/// 128 · r · N octets (RFC 7914 2), and a little.
std::uint64_t memory_of(const Cost& cost) { return (std::uint64_t{128} * cost.r << cost.ln) + (1U << 20); }

std::optional<std::string> scrypt(std::string_view password, std::string_view salt, const Cost& cost,
                                  std::size_t size) {
  std::string out(size, '\0');
  const int ok = EVP_PBE_scrypt(password.data(), password.size(), reinterpret_cast<const unsigned char*>(salt.data()),
                                salt.size(), std::uint64_t{1} << cost.ln, cost.r, cost.p, memory_of(cost),
                                reinterpret_cast<unsigned char*>(out.data()), out.size());
  return ok == 1 ? std::optional(out) : std::nullopt;
}

std::string without_padding(std::string base64) {
  while (base64.ends_with('=')) base64.pop_back();
  return base64;
}

std::optional<std::string> decode(std::string_view unpadded) {
  std::string padded(unpadded);
  while (padded.size() % 4 != 0) padded += '=';
  auto bytes = base64::decode(padded);
  return bytes ? std::optional(std::move(*bytes)) : std::nullopt;
}

/// `ln=15,r=8,p=1`.
std::optional<Cost> parse_cost(std::string_view text) {
  Cost cost;
  const auto pieces = text::split(text, ',');
  const std::array<std::pair<std::string_view, unsigned*>, 3> fields = {
      {{"ln=", &cost.ln}, {"r=", &cost.r}, {"p=", &cost.p}}};
  if (pieces.size() != fields.size()) return std::nullopt;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const auto& [name, value] = fields[i];
    if (!pieces[i].starts_with(name)) return std::nullopt;
    const std::string_view digits = pieces[i].substr(name.size());
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), *value);
    if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  }
  const bool sane = cost.ln >= 1 && cost.ln <= 20 && cost.r >= 1 && cost.r <= 64 && cost.p >= 1 && cost.p <= 16;
  return sane && memory_of(cost) <= most_memory ? std::optional(cost) : std::nullopt;
}

}  // namespace

std::string hash_password(std::string_view password, unsigned cost) {
  const std::string salt = random_bytes(16);
  const auto hash = scrypt(password, salt, {cost}, hash_size);
  if (!hash) throw std::runtime_error("scrypt failed: not enough memory?");
  return "$scrypt$ln=" + std::to_string(cost) + ",r=8,p=1$" + without_padding(base64::encode(salt)) + "$" +
         without_padding(base64::encode(*hash));
}

bool verify_password(std::string_view hash, std::string_view password) {
  const auto pieces = text::split(hash, '$');
  if (pieces.size() != 5 || !pieces[0].empty() || pieces[1] != "scrypt") return false;
  const auto cost = parse_cost(pieces[2]);
  const auto salt = decode(pieces[3]);
  const auto expected = decode(pieces[4]);
  if (!cost || !salt || !expected || expected->size() < 16 || expected->size() > 64) return false;
  const auto got = scrypt(password, *salt, *cost, expected->size());
  return got && equal_secretly(*got, *expected);
}

}  // namespace zegel::receive
