#include "admin/client.h"

#include <stdexcept>

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <sys/time.h>

namespace zegel::admin {

namespace asio = boost::asio;
namespace http = boost::beast::http;

namespace {

constexpr timeval patience{180, 0};
constexpr std::uint64_t largest_answer = 256ULL << 20;

}  // namespace

std::optional<Response> ask(const std::string& socket_path, const Request& request) {
  asio::io_context io;
  asio::local::stream_protocol::socket socket(io);
  boost::system::error_code error;
  socket.connect(asio::local::stream_protocol::endpoint(socket_path), error);
  if (error == asio::error::connection_refused || error == boost::system::errc::no_such_file_or_directory)
    return std::nullopt;
  if (error == boost::system::errc::permission_denied)
    return Response{403, R"({"error":"you may not ask the daemon: be root, or in the group of )" + socket_path + "\"}"};
  if (error) throw std::runtime_error(socket_path + ": " + error.message());
  setsockopt(socket.native_handle(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);

  http::request<http::string_body> asked(http::string_to_verb(request.method), request.path, 11);
  asked.set(http::field::host, "zegel");
  asked.body() = request.body;
  asked.prepare_payload();
  boost::beast::flat_buffer buffer;
  http::response_parser<http::string_body> parser;
  parser.body_limit(largest_answer);
  http::write(socket, asked, error);
  if (!error) http::read(socket, buffer, parser, error);
  if (error) throw std::runtime_error("the daemon does not answer: " + error.message());
  return Response{static_cast<int>(parser.get().result_int()), parser.get().body(),
                  std::string(parser.get()[http::field::content_type])};
}

}  // namespace zegel::admin
