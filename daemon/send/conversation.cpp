#include "send/conversation.h"

#include <string>
#include <vector>

#include "send/reply_reader.h"
#include "send/stuffing.h"

namespace zegel::send {

namespace {

constexpr std::size_t block = std::size_t{256} << 10;

/// Up to a block of `pieces` from the front, and them taken off. A piece that is larger is cut.
std::vector<std::string_view> next_block(std::vector<std::string_view>& pieces, std::size_t& first) {
  std::vector<std::string_view> taken;
  for (std::size_t left = block; left > 0 && first < pieces.size();) {
    const std::string_view piece = pieces[first].substr(0, left);
    taken.push_back(piece);
    left -= piece.size();
    pieces[first].remove_prefix(piece.size());
    if (pieces[first].empty()) ++first;
  }
  return taken;
}

/// Many small pieces cost more to gather than to copy.
constexpr std::size_t few = 4;

std::string joined(const std::vector<std::string_view>& pieces) {
  std::string all;
  all.reserve(block);
  for (const auto piece : pieces) all += piece;
  return all;
}

}  // namespace

net::Task<smtp::Reply> read_reply(net::Stream& stream, std::chrono::milliseconds patience) {
  ReplyReader reader;
  allow(stream, patience);
  for (;;) {
    const std::string_view have = stream.buffered();
    const std::size_t end = have.find('\n');
    if (std::min(end, have.size()) > ReplyReader::longest_line) throw Gibberish("the next hop's line has no end");
    if (end == std::string_view::npos) {
      co_await stream.fill();
      continue;
    }
    auto reply = reader.add(have.substr(0, end > 0 && have[end - 1] == '\r' ? end - 1 : end));
    stream.consume(end + 1);
    if (!reply) throw Gibberish(reply.error().why);
    if (*reply) co_return std::move(**reply);
  }
}

net::Task<void> write_message(net::Stream& stream, std::string_view message, std::chrono::milliseconds patience) {
  std::vector<std::string_view> pieces = stuffed(message);
  for (std::size_t first = 0; first < pieces.size();) {
    allow(stream, patience);
    const auto now = next_block(pieces, first);
    if (now.size() <= few) {
      co_await stream.write(now);
    } else {
      const std::string bytes = joined(now);
      co_await stream.write(bytes);
    }
  }
}

}  // namespace zegel::send
