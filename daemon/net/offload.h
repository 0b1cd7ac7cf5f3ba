#pragma once

#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

#include <boost/asio/async_result.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "net/stream.h"
#include "net/workers.h"

namespace zegel::net {

/// Calls `begin` with a callback and waits until it is called, on whatever thread; goes on, on the caller's executor,
/// with what it was called with. The callback may be copied, but must be called exactly once.
template <class T, class Begin>
Task<T> called_back(Begin begin) {
  const auto executor = co_await boost::asio::this_coro::executor;
  co_return co_await boost::asio::async_initiate<const boost::asio::use_awaitable_t<>, void(T)>(
      [&]<class Handler>(Handler&& handler) {
        auto shared = std::make_shared<std::decay_t<Handler>>(std::forward<Handler>(handler));
        begin([shared, executor](T value) {
          boost::asio::post(executor,
                            [shared, value = std::move(value)]() mutable { std::move (*shared)(std::move(value)); });
        });
      },
      boost::asio::use_awaitable);
}

/// Runs `work` on the pool and goes on, on the caller's executor, with its result or its exception.
template <class Work>
Task<std::invoke_result_t<Work>> offload(WorkerPool& pool, Work work) {
  using Value = std::invoke_result_t<Work>;
  struct Outcome {
    std::optional<Value> value;
    std::exception_ptr accident;
  };
  using Shared = std::shared_ptr<Outcome>;
  const Shared outcome = co_await called_back<Shared>([&](auto done) {
    pool.post([work = std::move(work), done]() mutable {
      auto result = std::make_shared<Outcome>();
      try {
        result->value.emplace(work());
      } catch (...) { result->accident = std::current_exception(); }
      done(std::move(result));
    });
  });
  if (outcome->accident) std::rethrow_exception(outcome->accident);
  co_return std::move(*outcome->value);
}

}  // namespace zegel::net
