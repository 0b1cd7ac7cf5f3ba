#include "net/offload.h"

#include <thread>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

namespace zegel::net {
namespace {

template <class T>
T run(Task<T> task) {
  boost::asio::io_context io;
  std::optional<T> result;
  std::exception_ptr accident;
  boost::asio::co_spawn(io, std::move(task), [&](const std::exception_ptr& thrown, T value) {
    accident = thrown;
    result = std::move(value);
  });
  io.run();
  if (accident) std::rethrow_exception(accident);
  return std::move(*result);
}

TEST(Offload, WorksOnThePoolAndComesBack) {
  WorkerPool pool(2);
  const auto here = std::this_thread::get_id();
  const bool good = run([](WorkerPool& workers, std::thread::id caller) -> Task<bool> {
    const auto there = co_await offload(workers, [] { return std::this_thread::get_id(); });
    co_return there != caller&& std::this_thread::get_id() == caller;
  }(pool, here));
  EXPECT_TRUE(good);
}

TEST(Offload, BringsExceptionsBack) {
  WorkerPool pool(1);
  EXPECT_THROW(run([](WorkerPool& workers) -> Task<int> {
                 co_return co_await offload(workers, []() -> int { throw std::runtime_error("no"); });
               }(pool)),
               std::runtime_error);
}

TEST(CalledBack, TakesAnAnswerThatIsGivenAtOnce) {
  EXPECT_EQ(run([]() -> Task<int> { co_return co_await called_back<int>([](auto done) { done(7); }); }()), 7);
}

TEST(WorkerPool, FinishesWhatWasPosted) {
  std::atomic<int> done = 0;
  {
    WorkerPool pool(2);
    for (int i = 0; i < 100; ++i) pool.post([&] { ++done; });
  }
  EXPECT_EQ(done, 100);
}

}  // namespace
}  // namespace zegel::net
