#include "receive/networks.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <stdexcept>

#include <arpa/inet.h>

namespace zegel::receive {
namespace {

using Octets = std::array<std::uint8_t, 16>;

struct Address {
  Octets octets{};
  bool ipv4 = false;
};

std::optional<Address> parse_address(const std::string& text) {
  Address address;
  if (::inet_pton(AF_INET6, text.c_str(), address.octets.data()) == 1) return address;
  address.octets.fill(0);
  address.octets[10] = address.octets[11] = 0xFF;
  address.ipv4 = ::inet_pton(AF_INET, text.c_str(), address.octets.data() + 12) == 1;
  return address.ipv4 ? std::optional(address) : std::nullopt;
}

bool equal_bits(const Octets& a, const Octets& b, unsigned bits) {
  if (!std::equal(a.begin(), a.begin() + bits / 8, b.begin())) return false;
  if (bits % 8 == 0) return true;
  const unsigned mask = 0xFFU << (8 - bits % 8);
  return ((a[bits / 8] ^ b[bits / 8]) & mask & 0xFF) == 0;
}

}  // namespace

Networks::Networks(const std::vector<config::Network>& networks) {
  for (const config::Network& network : networks) {
    const std::size_t slash = network.text.find('/');
    const auto address = parse_address(network.text.substr(0, slash));
    unsigned most = address && address->ipv4 ? 32 : 128;
    unsigned bits = most;
    if (slash != std::string::npos) {
      const char* end = network.text.data() + network.text.size();
      const auto [stop, error] = std::from_chars(network.text.data() + slash + 1, end, bits);
      if (error != std::errc() || stop != end) bits = most + 1;
    }
    if (!address || bits > most)
      throw std::runtime_error("\"" + network.text + "\" is no network; write 192.0.2.0/24 or 2001:db8::/32");
    networks_.push_back({address->octets, bits + (address->ipv4 ? 96U : 0U)});
  }
}

bool Networks::contain(const std::string& text) const {
  const auto address = parse_address(text);
  return address && std::ranges::any_of(networks_, [&](const Network& one) {
           return equal_bits(one.prefix, address->octets, one.bits);
         });
}

std::string who_counts_as(const std::string& text) {
  auto address = parse_address(text);
  if (!address || address->ipv4) return text;
  std::fill(address->octets.begin() + 8, address->octets.end(), 0);
  std::array<char, INET6_ADDRSTRLEN> network{};
  ::inet_ntop(AF_INET6, address->octets.data(), network.data(), network.size());
  return std::string(network.data()) + "/64";
}

}  // namespace zegel::receive
