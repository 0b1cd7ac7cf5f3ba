#include "admin/server.h"

#include <filesystem>
#include <stdexcept>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <sys/stat.h>
#include <unistd.h>

#include "admin/peer.h"
#include "core/secret.h"
#include "log/log.h"

namespace zegel::admin {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using boost::system::error_code;

namespace {

using UnixSocket = asio::local::stream_protocol;
using Tcp = asio::ip::tcp;
constexpr std::chrono::seconds longest_request{10};
constexpr std::chrono::minutes longest_answer{2};
constexpr std::size_t largest_body = 64ULL << 20;
constexpr std::size_t most_connections = 32;

Peer peer(UnixSocket::socket& socket, gid_t group) { return peer_of(socket.native_handle(), group); }
/// Over TCP there is nothing but figures.
Peer peer(Tcp::socket&, gid_t) { return {"metrics", true}; }

/// Counts itself among the connections while it lives.
class Place {
 public:
  explicit Place(std::shared_ptr<std::size_t> taken) : taken_(std::move(taken)) { ++*taken_; }
  ~Place() { --*taken_; }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;

 private:
  std::shared_ptr<std::size_t> taken_;
};

}  // namespace

struct Server::Doors : std::enable_shared_from_this<Doors> {
  Doors(asio::io_context& context, Desk answers, std::function<void(std::function<void()>)> pool)
      : io(context), desk(std::move(answers)), workers(std::move(pool)), local(context), tcp(context) {}

  void open(const config::Admin&);

  template <class Protocol>
  asio::awaitable<void> listen(asio::basic_socket_acceptor<Protocol>& acceptor, bool metrics_only);
  template <class Socket>
  asio::awaitable<void> serve(Socket socket, bool metrics_only);
  asio::awaitable<Response> answer(Request request);

  asio::io_context& io;
  Desk desk;
  std::function<void(std::function<void()>)> workers;
  UnixSocket::acceptor local;
  Tcp::acceptor tcp;
  std::string path;
  gid_t group = 0;  ///< of the socket: its members may ask
  /// Connections now; on the I/O thread only.
  std::shared_ptr<std::size_t> taken = std::make_shared<std::size_t>(0);
};

void Server::Doors::open(const config::Admin& settings) {
  path = settings.socket;
  std::filesystem::create_directories(std::filesystem::path(path).parent_path());
  ::unlink(path.c_str());
  try {
    local.open();
    local.bind(UnixSocket::endpoint(path));
    ::chmod(path.c_str(), 0660);
    struct stat facts{};
    group = ::stat(path.c_str(), &facts) == 0 ? facts.st_gid : ::getegid();
    local.listen();
  } catch (const std::exception& error) { throw std::runtime_error("admin.socket " + path + ": " + error.what()); }
  asio::co_spawn(io, listen(local, false), [self = shared_from_this()](const std::exception_ptr&) {});
  if (!settings.metrics) return;
  try {
    const Tcp::endpoint endpoint(asio::ip::make_address(settings.metrics->host), settings.metrics->port);
    tcp.open(endpoint.protocol());
    tcp.set_option(Tcp::acceptor::reuse_address(true));
    tcp.bind(endpoint);
    tcp.listen();
  } catch (const std::exception& error) {
    throw std::runtime_error("admin.metrics " + settings.metrics->text() + ": " + error.what());
  }
  asio::co_spawn(io, listen(tcp, true), [self = shared_from_this()](const std::exception_ptr&) {});
}

template <class Protocol>
asio::awaitable<void> Server::Doors::listen(asio::basic_socket_acceptor<Protocol>& acceptor, bool metrics_only) {
  while (acceptor.is_open()) {
    error_code error;
    auto socket = co_await acceptor.async_accept(asio::redirect_error(asio::use_awaitable, error));
    if (error == asio::error::operation_aborted) co_return;
    if (error || *taken >= most_connections) continue;
    asio::co_spawn(io, serve(std::move(socket), metrics_only),
                   [self = shared_from_this()](const std::exception_ptr&) {});
  }
}

/// Runs the desk on a worker and comes back to the I/O thread.
asio::awaitable<Response> Server::Doors::answer(Request request) {
  const auto self = shared_from_this();
  const auto question = std::make_shared<Request>(std::move(request));
  const auto start = [self, question](auto handler) {
    const auto shared = std::make_shared<decltype(handler)>(std::move(handler));
    self->workers([self, question, shared] {
      auto response = std::make_shared<Response>(self->desk.answer(*question));
      wipe(question->body.data(), question->body.size());
      asio::post(self->io, [shared, response] { std::move (*shared)(std::move(*response)); });
    });
  };
  co_return co_await asio::async_initiate<const asio::use_awaitable_t<>, void(Response)>(start, asio::use_awaitable);
}

template <class Socket>
asio::awaitable<void> Server::Doors::serve(Socket socket, bool metrics_only) {
  const Place place(taken);
  Request request;
  const Peer asking = peer(socket, group);
  request.who = asking.name;
  beast::basic_stream<typename Socket::protocol_type> stream(std::move(socket));
  beast::flat_buffer buffer;
  http::request_parser<http::string_body> parser;
  parser.body_limit(metrics_only || !asking.allowed ? 1'024 : largest_body);
  stream.expires_after(longest_request);
  co_await http::async_read(stream, buffer, parser, asio::use_awaitable);
  const auto& asked = parser.get();
  request.method = std::string(asked.method_string());
  request.path = std::string(asked.target());
  request.body = asked.body();
  wipe(parser.get().body().data(), parser.get().body().size());  // it may be a password, as may what is answered

  Response response{404, R"({"error":"only GET /metrics is answered here"})"};
  if (!asking.allowed) {
    log::Event("denied", log::Level::warning).field("user", asking.name).field("reason", "admin").send();
    response = {403, R"({"error":"only root, the daemon's own user and the group of admin.socket may ask"})"};
  } else if (!metrics_only || (request.method == "GET" && request.path == "/metrics")) {
    stream.expires_after(longest_answer);
    response = co_await answer(std::move(request));
  }
  http::response<http::string_body> reply(static_cast<http::status>(response.status), 11);
  reply.set(http::field::content_type, response.type);
  reply.keep_alive(false);
  reply.body() = std::move(response.body);
  reply.prepare_payload();
  stream.expires_after(longest_request);
  co_await http::async_write(stream, reply, asio::use_awaitable);
  wipe(reply.body().data(), reply.body().size());
}

Server::Server(asio::io_context& io, const config::Admin& settings, const Desk& desk,
               std::function<void(std::function<void()>)> workers)
    : doors_(std::make_shared<Doors>(io, desk, std::move(workers))) {
  doors_->open(settings);
}

Server::~Server() { stop(); }

void Server::stop() {
  error_code ignored;
  doors_->local.close(ignored);
  doors_->tcp.close(ignored);
  ::unlink(doors_->path.c_str());
}

}  // namespace zegel::admin
