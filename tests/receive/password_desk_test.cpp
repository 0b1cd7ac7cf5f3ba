#include "receive/password_desk.h"

#include <atomic>
#include <future>
#include <memory>
#include <vector>

#include <gtest/gtest.h>

namespace zegel::receive {
namespace {

/// A desk whose first check lasts until order() is asked for.
class BusyDesk {
 public:
  BusyDesk() {
    std::promise<void> begun;
    desk_->ask("busy", [&begun, gate = gate_.get_future().share()] {
      begun.set_value();
      gate.wait();
    });
    begun.get_future().wait();
  }
  void ask(const std::string& client, const std::string& name) {
    ++asked_;
    desk_->ask(client, [this, name] {
      order_.push_back(name);
      if (order_.size() == asked_) all_done_.set_value();
    });
  }
  /// Until all that was asked is done.
  std::vector<std::string> order() {
    gate_.set_value();
    all_done_.get_future().wait();
    desk_.reset();
    return order_;
  }

 private:
  std::promise<void> gate_, all_done_;
  std::size_t asked_ = 0;           // complete before the gate opens
  std::vector<std::string> order_;  // written by the desk's thread only, until it is closed
  std::unique_ptr<PasswordDesk> desk_ = std::make_unique<PasswordDesk>();
};

TEST(PasswordDesk, LetsClientsTakeTurns) {
  BusyDesk desk;
  for (const char* name : {"a1", "a2"}) desk.ask("192.0.2.1", name);
  desk.ask("192.0.2.2", "b1");
  EXPECT_EQ(desk.order(), (std::vector<std::string>{"a1", "b1", "a2"}));
}

TEST(PasswordDesk, TakesANetworkOfIpv6ForOneClient) {
  BusyDesk desk;
  desk.ask("2001:db8::1", "a1");
  desk.ask("2001:db8::2", "a2");
  desk.ask("2001:db8:0:1::1", "b1");
  EXPECT_EQ(desk.order(), (std::vector<std::string>{"a1", "b1", "a2"}));
}

TEST(PasswordDesk, ChecksOneAtATime) {
  std::atomic<int> at_once = 0, most = 0, done = 0;
  {
    PasswordDesk desk;
    std::promise<void> all;
    for (int i = 0; i < 50; ++i) {
      desk.ask("client " + std::to_string(i), [&] {
        most = std::max(most.load(), ++at_once);
        --at_once;
        if (++done == 50) all.set_value();
      });
    }
    all.get_future().wait();
  }
  EXPECT_EQ(most, 1);
}

TEST(PasswordDesk, DropsWhatWaitsWhenItCloses) {
  const auto kept = std::make_shared<int>();
  auto desk = std::make_unique<PasswordDesk>();
  std::promise<void> begun, gate;
  desk->ask("a", [&] {
    begun.set_value();
    gate.get_future().wait();
  });
  begun.get_future().wait();
  desk->ask("a", [kept] { (void)kept; });
  std::thread closing([&] { desk.reset(); });
  gate.set_value();
  closing.join();
  EXPECT_EQ(kept.use_count(), 1) << "whatever waited is gone";
}

}  // namespace
}  // namespace zegel::receive
