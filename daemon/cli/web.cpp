#include "cli/web.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include "net/stream.h"
#include "send/resolver.h"

namespace zegel::cli {

namespace {

using seal::NotFetched;
using Fetched = std::expected<std::string, NotFetched>;

constexpr std::size_t most_octets = (256 + 16) << 10;  // of body and header
constexpr std::uint16_t https = 443;

/// HTTP/1.0, so that the answer comes in one piece and ends with the connection.
std::string request(const std::string& host, const std::string& path) {
  return "GET " + path + " HTTP/1.0\r\nHost: " + host + "\r\nUser-Agent: zegel\r\nAccept: */*\r\n\r\n";
}

net::Task<std::string> read_all(net::Stream& stream) {
  std::string all;
  try {
    while (all.size() <= most_octets) {
      const std::string_view some = co_await stream.read_some();
      all += some;
      stream.consume(some.size());
    }
  } catch (const net::Broken& broken) {
    if (broken.kind() != net::Broken::Kind::closed && broken.kind() != net::Broken::Kind::tls) throw;
  }
  co_return all;
}

Fetched body_of(const std::string& answer) {
  const std::size_t end = answer.find("\r\n\r\n");
  if (end == std::string::npos || !answer.starts_with("HTTP/1.")) return std::unexpected(NotFetched{"no HTTP answer"});
  if (answer.size() > most_octets) return std::unexpected(NotFetched{"larger than a directory's answer should be"});
  if (answer.substr(9, 3) == "404") return std::unexpected(NotFetched{"the directory has no key for this address"});
  if (answer.substr(9, 3) != "200") return std::unexpected(NotFetched{"it answers " + answer.substr(9, 3)});
  return answer.substr(end + 4);
}

net::Task<Fetched> get(const std::string& host, const std::string& path, config::HostPort at,
                       net::TlsContext::Shared tls, seconds longest) {
  const auto resolver = send::make_resolver(co_await boost::asio::this_coro::executor);
  const send::AddressAnswer found = co_await resolver->addresses(at.host);
  if (found.addresses.empty()) co_return std::unexpected(NotFetched{at.host + ": " + found.why, !found.exists});
  net::Stream stream = co_await net::Stream::connect(found.addresses.front(), at.port, longest);
  co_await stream.start_tls(std::move(tls), host);
  if (!stream.tls()->verified) co_return std::unexpected(NotFetched{"its certificate: " + stream.tls()->why});
  co_await stream.write(request(host, path));
  co_return body_of(co_await read_all(stream));
}

}  // namespace

std::expected<std::string, NotFetched> fetch(const std::string& url, const config::Settings& settings,
                                             const std::optional<config::HostPort>& via, seconds longest) {
  constexpr std::string_view scheme = "https://";
  const std::size_t slash = url.find('/', scheme.size());
  const std::string host = url.substr(scheme.size(), slash - scheme.size());
  auto tls = net::TlsContext::client(settings.delivery.ca_file);
  if (!tls) return std::unexpected(NotFetched{tls.error().why});
  boost::asio::io_context io;
  Fetched fetched = std::unexpected(NotFetched{"no answer in time"});
  const auto talk = [&]() -> net::Task<void> {
    try {
      fetched = co_await get(host, url.substr(slash), via.value_or(config::HostPort{host, https}), *tls, longest);
    } catch (const net::Broken& broken) { fetched = std::unexpected(NotFetched{broken.what()}); }
  };
  boost::asio::co_spawn(io, talk, [&](const std::exception_ptr&) { io.stop(); });
  io.run_for(longest);
  if (!fetched) fetched.error().why = host + ": " + fetched.error().why;
  return fetched;
}

}  // namespace zegel::cli
