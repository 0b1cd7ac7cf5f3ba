#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/any_io_executor.hpp>

#include "net/stream.h"

namespace zegel::send {

struct MxRecord {
  std::uint16_t preference = 0;
  std::string host;  ///< without a trailing dot; empty for `.`
};

/// What DNS says of a domain's MX.
struct MxAnswer {
  enum class Kind {
    records,
    none,            ///< the domain exists and has no MX: it is its own (RFC 5321 5.1)
    no_such_domain,  ///< NXDOMAIN
    failed,          ///< no answer for now
  };
  Kind kind = Kind::failed;
  std::vector<MxRecord> records = {};
  std::string why = {};  ///< for `failed`
};

struct AddressAnswer {
  std::vector<std::string> addresses = {};  ///< IPv6 and IPv4 literals, in the order to try; empty: see why
  bool exists = true;                       ///< false: there is no such host
  std::string why = {};
};

/// Asks DNS. Belongs to one strand. Never throws for what DNS answers.
class Resolver {
 public:
  virtual ~Resolver() = default;
  virtual net::Task<MxAnswer> mx(std::string domain) = 0;
  /// An IP literal answers itself; /etc/hosts counts.
  virtual net::Task<AddressAnswer> addresses(std::string host) = 0;
};

/// The system's name servers, asked by c-ares without blocking a thread. All calls on `executor`. `servers`: others, as
/// `127.0.0.1:5353`. Throws std::runtime_error when there is nothing to ask with.
[[nodiscard]] std::shared_ptr<Resolver> make_resolver(const boost::asio::any_io_executor& executor,
                                                      const std::string& servers = {});

/// Whether `host` is an IPv4 or IPv6 literal.
[[nodiscard]] bool is_address(const std::string& host);

}  // namespace zegel::send
