#pragma once

#include <functional>
#include <memory>
#include <string>

#include "admin/desk.h"

namespace boost::asio {
class io_context;
}

namespace zegel::admin {

/// HTTP/1.1 over a Unix socket (mode 0660), for `zegel`; and, where asked for, GET /metrics over TCP for Prometheus.
/// Requests are bounded (64 MB body for histories, 10 s) and answered on the workers.
class Server {
 public:
  /// Binds; a stale socket file is replaced. Throws std::runtime_error when that fails.
  Server(boost::asio::io_context&, const config::Admin&, const Desk&,
         std::function<void(std::function<void()>)> workers);
  ~Server();
  /// Stops listening; requests in work are cut off.
  void stop();

 private:
  struct Doors;
  std::shared_ptr<Doors> doors_;
};

}  // namespace zegel::admin
