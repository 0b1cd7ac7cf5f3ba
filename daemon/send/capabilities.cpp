#include "send/capabilities.h"

#include <charconv>

#include "core/text.h"

namespace zegel::send {

namespace {

void add_size(Capabilities& found, std::string_view limit) {
  found.size = true;
  std::uint64_t octets = 0;
  const auto [end, error] = std::from_chars(limit.data(), limit.data() + limit.size(), octets);
  if (error == std::errc() && end == limit.data() + limit.size()) found.max_size = octets;
}

void add_auth(Capabilities& found, std::string_view mechanisms) {
  for (const auto mechanism : text::split(mechanisms, ' ')) {
    if (text::equal_folded(mechanism, "PLAIN")) found.auth_plain = true;
    if (text::equal_folded(mechanism, "LOGIN")) found.auth_login = true;
  }
}

void add(Capabilities& found, std::string_view line) {
  // Old servers write AUTH=PLAIN; the keyword ends at whatever is no letter or digit.
  const std::size_t end = std::min(line.find_first_of(" ="), line.size());
  const std::string_view keyword = line.substr(0, end);
  const std::string_view value = end < line.size() ? text::trim(line.substr(end + 1)) : std::string_view();
  if (text::equal_folded(keyword, "PIPELINING")) found.pipelining = true;
  if (text::equal_folded(keyword, "8BITMIME")) found.eight_bit = true;
  if (text::equal_folded(keyword, "SMTPUTF8")) found.utf8 = true;
  if (text::equal_folded(keyword, "DSN")) found.dsn = true;
  if (text::equal_folded(keyword, "STARTTLS")) found.start_tls = true;
  if (text::equal_folded(keyword, "SIZE")) add_size(found, value);
  if (text::equal_folded(keyword, "AUTH")) add_auth(found, value);
}

}  // namespace

Capabilities capabilities(const smtp::Reply& ehlo) {
  Capabilities found;
  const auto lines = text::split(ehlo.text, '\n');
  for (std::size_t i = 1; i < lines.size(); ++i) add(found, text::trim(lines[i]));  // the first line is its name
  return found;
}

}  // namespace zegel::send
