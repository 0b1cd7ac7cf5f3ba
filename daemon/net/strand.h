#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/io_context.hpp>

namespace zegel::net {

/// Where things run that must not run at once. One thread runs the io_context, so its own executor is a strand (Asio
/// calls it an implicit one), and costs some 4 % of a message's CPU less than an asio::strand. Whoever lets a second
/// thread run the io_context makes this asio::make_strand(io).
[[nodiscard]] inline boost::asio::any_io_executor strand(boost::asio::io_context& io) { return io.get_executor(); }

}  // namespace zegel::net
