#pragma once

#include <stdexcept>
#include <string_view>

#include "net/stream.h"
#include "send/step.h"
#include "smtp/reply.h"

/// The few words that openings and transactions share on a stream. Each throws net::Broken.
namespace zegel::send {

/// What came was no SMTP.
struct Gibberish : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// What is done on the stream from now on, all of it together, may take this long.
inline void allow(net::Stream& stream, std::chrono::milliseconds patience) {
  stream.set_limit(patience);
  stream.set_end(patience);
}

/// The next whole reply; all of it must be there within `patience`. Throws Gibberish too.
net::Task<smtp::Reply> read_reply(net::Stream&, std::chrono::milliseconds patience);

/// The message after 354, dots stuffed; each block must be taken within `patience`.
net::Task<void> write_message(net::Stream&, std::string_view message, std::chrono::milliseconds patience);

}  // namespace zegel::send
