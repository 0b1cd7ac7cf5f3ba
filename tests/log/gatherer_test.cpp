#include "log/gatherer.h"

#include <future>

#include <gtest/gtest.h>

namespace zegel::log {
namespace {

constexpr int info = 2;

/// Keeps what is written; the first writing waits until it is let go.
struct Slow {
  std::promise<void> begun, go;
  bool first = true;
  std::vector<std::string> written;
  std::uint64_t dropped = 0;

  Gatherer::Write write() {
    return [this](const std::vector<Gatherer::Line>& lines, std::uint64_t lost) {
      for (const Gatherer::Line& line : lines) written.push_back(line.text);
      dropped += lost;
      if (!std::exchange(first, false)) return;
      begun.set_value();
      go.get_future().wait();
    };
  }
};

TEST(Gatherer, WritesEveryLineInOrderBeforeItGoes) {
  std::vector<std::string> written;
  {
    Gatherer gatherer([&](const std::vector<Gatherer::Line>& lines, std::uint64_t) {
      for (const Gatherer::Line& line : lines) written.push_back(line.text);
    });
    for (int i = 0; i < 1'000; ++i) gatherer.add({info, std::to_string(i)}, i % 100 == 0);
  }
  ASSERT_EQ(written.size(), 1'000U);
  for (int i = 0; i < 1'000; ++i) EXPECT_EQ(written[static_cast<std::size_t>(i)], std::to_string(i));
}

TEST(Gatherer, DropsTheOldestWhenTheWritingIsTooSlow) {
  Slow slow;
  {
    Gatherer gatherer(slow.write());
    gatherer.add({info, "first"}, true);
    slow.begun.get_future().wait();
    for (int i = 0; i < 20'000; ++i) gatherer.add({info, std::to_string(i)}, false);
    slow.go.set_value();
  }
  EXPECT_EQ(slow.written.size() - 1 + slow.dropped, 20'000U);
  EXPECT_GT(slow.dropped, 0U);
  EXPECT_EQ(slow.written.front(), "first");
  EXPECT_EQ(slow.written[1], std::to_string(slow.dropped)) << "the oldest went";
  EXPECT_EQ(slow.written.back(), "19999");
}

}  // namespace
}  // namespace zegel::log
