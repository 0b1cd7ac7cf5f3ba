#include "config/address.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>

#include <arpa/inet.h>

#include "core/text.h"
#include "mail/mailbox.h"

namespace zegel::config {

namespace {

std::string quoted(std::string_view text) { return "\"" + std::string(text) + "\""; }

/// An address's octets, 4 or 16 of them.
struct Octets {
  std::array<unsigned char, 16> at{};
  unsigned count = 0;  ///< 0: not an address
};

Octets octets(std::string_view text) {
  const std::string copy(text);
  Octets out;
  if (text.contains('\0')) return out;
  if (inet_pton(AF_INET, copy.c_str(), out.at.data()) == 1) out.count = 4;
  if (out.count == 0 && inet_pton(AF_INET6, copy.c_str(), out.at.data()) == 1) out.count = 16;
  return out;
}

std::string text_of(const Octets& octets) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  inet_ntop(octets.count == 4 ? AF_INET : AF_INET6, octets.at.data(), text.data(), text.size());
  return text.data();
}

/// The address with every bit after the first `prefix` put to 0.
Octets masked(Octets octets, unsigned prefix) {
  for (unsigned i = 0; i < octets.count; ++i) {
    const unsigned kept = prefix > i * 8 ? std::min(8U, prefix - i * 8) : 0;
    octets.at[i] &= static_cast<unsigned char>(0xFF00U >> kept);
  }
  return octets;
}

template <class T>
bool parse_number(std::string_view text, T& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc() && end == text.data() + text.size() && !text.empty();
}

bool is_label(std::string_view label) {
  const auto fits = [](char c) { return text::is_alnum(c) || c == '-' || c == '_'; };
  return !label.empty() && label.size() <= 63 && std::ranges::all_of(label, fits) && label.front() != '-' &&
         label.back() != '-';
}

/// `host` and `port` of `host:port` and `[v6]:port`; the host empty when it is neither.
std::pair<std::string_view, std::string_view> take_apart(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return {};
  const std::string_view host = text.substr(0, colon);
  const std::string_view port = text.substr(colon + 1);
  const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (bracketed && host.contains(':')) return {host.substr(1, host.size() - 2), port};
  return host.contains(':') ? std::pair<std::string_view, std::string_view>() : std::pair(host, port);
}

}  // namespace

bool is_ip(std::string_view text) { return octets(text).count != 0; }

Result<std::string> parse_host(std::string_view text) {
  const auto bad = [&] {
    return fail(quoted(text) + " is not the name of a machine; write it as in \"mail.kantoor.nl\"");
  };
  if (!text::is_ascii(text)) {
    auto domain = mail::parse_domain(text);
    return domain ? domain : bad();
  }
  const auto labels = text::split(text, '.');
  // A last label of digits only is a mistyped IPv4 address, not a name.
  if (text.size() > 253 || !std::ranges::all_of(labels, is_label) ||
      std::ranges::all_of(labels.back(), text::is_digit)) {
    return bad();
  }
  return text::lower(text);
}

Result<HostPort> parse_host_port(std::string_view text) {
  const auto bad = [&] {
    return fail(quoted(text) + " is not host:port; write it as in \"smtp.provider.nl:587\" or \"[2001:db8::25]:25\"");
  };
  const auto [host, port] = take_apart(text);
  HostPort out;
  if (!parse_number(port, out.port) || out.port == 0) return bad();
  if (is_ip(host)) {
    out.host = text_of(octets(host));
    return out;
  }
  const auto name = parse_host(host);
  if (!name) return bad();
  out.host = *name;
  return out;
}

Result<HostPort> parse_listen(std::string_view text) {
  const auto [host, port] = take_apart(text);
  HostPort out;
  if (!parse_number(port, out.port) || !is_ip(host)) {
    return fail(quoted(text) +
                " is not an address and port to listen on; write it as in \"127.0.0.1:10025\", or \"0.0.0.0:25\" and "
                "\"[::]:25\" for every address");
  }
  out.host = text_of(octets(host));
  return out;
}

Result<Network> parse_network(std::string_view text) {
  const std::size_t slash = text.find('/');
  const Octets address = octets(text.substr(0, slash));
  unsigned prefix = address.count * 8;
  const bool has_prefix = slash == std::string_view::npos || parse_number(text.substr(slash + 1), prefix);
  if (address.count == 0 || !has_prefix || prefix > address.count * 8) {
    return fail(quoted(text) + " is not a network; write it as in \"192.0.2.0/24\" or \"2001:db8::/32\"");
  }
  const std::string network = text_of(masked(address, prefix)) + "/" + std::to_string(prefix);
  if (masked(address, prefix).at != address.at) {
    return fail(quoted(text) + " has bits set beyond its prefix; write \"" + network + "\"");
  }
  return Network{network};
}

Result<Pattern> parse_pattern(std::string_view text) {
  using Kind = Pattern::Kind;
  if (text == "*") return Pattern{};
  if (text.contains('@')) {
    if (const auto mailbox = mail::parse_mailbox(text)) return Pattern{Kind::mailbox, mail::folded(*mailbox)};
  } else if (text.starts_with('.')) {
    if (const auto domain = mail::parse_domain(text.substr(1))) return Pattern{Kind::subdomains, "." + *domain};
  } else if (const auto domain = mail::parse_domain(text)) {
    return Pattern{Kind::domain, *domain};
  }
  return fail(quoted(text) +
              " is not an address or domain; write \"jan@x.nl\", \"x.nl\", \".x.nl\" (its subdomains) or \"*\"");
}

bool is_loopback(const HostPort& at) {
  const Octets address = octets(at.host);
  if (address.count == 4) return address.at[0] == 127;
  return address.count == 16 ? at.host == "::1" : at.host == "localhost";
}

}  // namespace zegel::config
