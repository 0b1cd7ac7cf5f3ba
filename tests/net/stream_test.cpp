#include "net/stream.h"

#include <gtest/gtest.h>

#include "net/pause.h"
#include "net/two_ends.h"

namespace zegel::net {
namespace {

using namespace std::chrono_literals;
using Kind = Broken::Kind;

TEST(Stream, ReadsLinesAndKeepsWhatFollowsThem) {
  TwoEnds().run(
      [](Stream& stream) -> Task<void> {
        EXPECT_EQ(co_await stream.read_line(100), "one");
        EXPECT_EQ(co_await stream.read_line(100), "");
        EXPECT_EQ(co_await stream.read_line(100), "two");
        while (stream.buffered().size() < 4) co_await stream.fill();
        EXPECT_EQ(stream.buffered(), "rest");
        stream.consume(2);
        EXPECT_EQ(co_await stream.read_some(), "st");
      },
      [](Stream& stream) -> Task<void> {
        co_await stream.write("one\r\n\r");
        co_await pause(20ms);
        co_await stream.write("\ntwo\nrest");
        co_await pause(50ms);
      });
}

TEST(Stream, BoundsALine) {
  TwoEnds().run(
      [](Stream& stream) -> Task<void> {
        EXPECT_EQ(co_await grief_of([](Stream& s) -> Task<void> { (void)co_await s.read_line(10); }(stream)),
                  Kind::too_long);
      },
      [](Stream& stream) -> Task<void> {
        co_await stream.write("12345678901");
        co_await pause(50ms);
      });
}

TEST(Stream, BoundsWhatItBuffers) {
  TwoEnds().run(
      [](Stream& stream) -> Task<void> {
        std::optional<Kind> grief;
        while (!grief) grief = co_await grief_of(stream.fill());
        EXPECT_EQ(grief, Kind::too_long);
        EXPECT_LE(stream.buffered().size(), std::size_t{128} << 10);
      },
      [](Stream& stream) -> Task<void> {
        (void)co_await grief_of([](Stream& s) -> Task<void> { co_await s.write(std::string(1 << 20, 'x')); }(stream));
      });
}

TEST(Stream, WritesManyPiecesWholeAndInOrderToASlowReader) {
  std::string wanted, got;
  std::vector<std::string> pieces;
  for (int i = 0; i < 3000; ++i)
    wanted += pieces.emplace_back(std::string(static_cast<std::size_t>(i % 7) * 1000, static_cast<char>('a' + i % 26)));
  TwoEnds().run(
      [&](Stream& stream) -> Task<void> {
        while (got.size() < wanted.size()) {
          got += co_await stream.read_some();
          stream.consume(stream.buffered().size());
        }
      },
      [&](Stream& stream) -> Task<void> {
        const std::vector<std::string_view> views(pieces.begin(), pieces.end());
        co_await stream.write(views);
      });
  EXPECT_TRUE(got == wanted);
}

TEST(Stream, GivesUpAfterItsLimitAndCanStillSayWhy) {
  TwoEnds().run(
      [](Stream& stream) -> Task<void> {
        stream.set_limit(10s);
        stream.set_limit(50ms);
        EXPECT_EQ(co_await grief_of(stream.fill()), Kind::timeout);
        co_await stream.write("too late\n");
      },
      [](Stream& stream) -> Task<void> { EXPECT_EQ(co_await stream.read_line(100), "too late"); });
}

TEST(Stream, CountsItsLimitForEachOperationAnew) {
  TwoEnds().run(
      [](Stream& stream) -> Task<void> {
        stream.set_limit(200ms);
        for (int i = 0; i < 5; ++i) EXPECT_EQ(co_await stream.read_line(10), "tick");
      },
      [](Stream& stream) -> Task<void> {
        for (int i = 0; i < 5; ++i) {
          co_await pause(100ms);
          co_await stream.write("tick\n");
        }
      });
}

TEST(Stream, HasAnEndHoweverBusyItIs) {
  TwoEnds().run(
      [](Stream& stream) -> Task<void> {
        stream.set_end(200ms);
        std::optional<Kind> grief;
        while (!grief) {
          grief = co_await grief_of(stream.fill());
          stream.consume(stream.buffered().size());
        }
        EXPECT_EQ(grief, Kind::timeout);
      },
      [](Stream& stream) -> Task<void> {
        for (int i = 0; i < 100; ++i) {
          if (co_await grief_of(stream.write("tick\n"))) co_return;
          co_await pause(10ms);
        }
      });
}

TEST(Stream, CanBeInterruptedInAReadOrBeforeIt) {
  TwoEnds().run(
      [](Stream& stream) -> Task<void> {
        stream.interrupter()();
        EXPECT_EQ(co_await grief_of(stream.fill()), Kind::interrupted);
        co_await stream.write("still here\n");
        EXPECT_EQ(co_await grief_of(stream.fill()), Kind::closed);
      },
      [](Stream& stream) -> Task<void> { EXPECT_EQ(co_await stream.read_line(100), "still here"); });
}

TEST(Stream, SaysWhenThePeerIsGone) {
  TwoEnds().run([](Stream& stream) -> Task<void> { EXPECT_EQ(co_await grief_of(stream.fill()), Kind::closed); },
                [](Stream& stream) -> Task<void> {
                  stream.close();
                  co_return;
                });
}

Task<void> connect_nowhere(std::string address, std::uint16_t port, std::optional<Kind>& grief) {
  grief = co_await grief_of([](std::string where, std::uint16_t at) -> Task<void> {
    (void)co_await Stream::connect(where, at, 1s);
  }(address, port));
}

TEST(Stream, CannotConnectWhereNobodyListens) {
  for (const auto& [address, port] : {std::pair("127.0.0.1", 1), std::pair("no address", 25)}) {
    boost::asio::io_context io;
    std::optional<Kind> grief;
    boost::asio::co_spawn(io, connect_nowhere(address, static_cast<std::uint16_t>(port), grief), boost::asio::detached);
    io.run();
    EXPECT_EQ(grief, Kind::unreachable) << address;
  }
}

TEST(Stream, KnowsBothAddresses) {
  TwoEnds().run(
      [](Stream& stream) -> Task<void> {
        EXPECT_EQ(stream.peer_address(), "127.0.0.1");
        co_return;
      },
      [](Stream& stream) -> Task<void> {
        EXPECT_EQ(stream.local_address(), "127.0.0.1");
        co_await pause(20ms);
      });
}

}  // namespace
}  // namespace zegel::net
