#include <atomic>
#include <set>
#include <thread>

#include "store/fixture.h"

namespace zegel::store {
namespace {

using namespace std::chrono_literals;

TEST(Threads, DeliverEveryCopyOnce) {
  constexpr int writers = 4, each = 150;
  const TempDir dir;
  auto store = open(dir);
  std::mutex mutex;
  std::multiset<std::string> delivered;
  std::atomic<int> recorded = 0;
  std::atomic<bool> stop = false;
  std::vector<std::jthread> threads;
  for (int w = 0; w < writers; ++w) {
    threads.emplace_back([&] {
      for (int i = 0; i < each; ++i) store->submit(submission(new_reference(), std::string(4000, 'x')), {});
    });
  }
  for (int c = 0; c < 2; ++c) {
    threads.emplace_back([&] {
      while (!stop) {
        for (const QueuedCopy& copy : store->take_due(noon, 5)) {
          if (random_below(10) == 0) {
            store->give_back(copy.id);
            continue;
          }
          EXPECT_TRUE(store->read(copy.id));
          {
            const std::lock_guard lock(mutex);
            delivered.insert(copy.reference);
          }
          Attempt attempt{.copy = copy.id, .at = noon};
          attempt.outcomes.push_back(outcome(copy.recipients[0].mailbox, RecipientOutcome::Kind::delivered));
          store->record(std::move(attempt), [&](std::exception_ptr) { ++recorded; });
        }
      }
    });
  }
  threads.emplace_back([&] {
    while (!stop) {
      static_cast<void>(store->figures());
      static_cast<void>(store->queue(0, 10'000));
      static_cast<void>(store->next_due());
      static_cast<void>(store->learned());
      store->retry_now(std::nullopt, noon);
      store->sweep({.passwords = 24h, .audit = 24h, .learned = 24h}, noon);
      std::this_thread::sleep_for(5ms);
    }
  });
  const auto end = std::chrono::steady_clock::now() + 60s;
  while (recorded < writers * each && std::chrono::steady_clock::now() < end) std::this_thread::sleep_for(1ms);
  stop = true;
  threads.clear();
  EXPECT_EQ(delivered.size(), static_cast<std::size_t>(writers * each));
  EXPECT_EQ(std::set<std::string>(delivered.begin(), delivered.end()).size(), delivered.size());
  EXPECT_EQ(store->figures().queued, 0u);
}

}  // namespace
}  // namespace zegel::store
