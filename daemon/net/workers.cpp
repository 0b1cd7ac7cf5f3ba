#include "net/workers.h"

#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>

namespace zegel::net {

struct WorkerPool::Pool {
  explicit Pool(unsigned threads) : threads(threads) {}
  boost::asio::thread_pool threads;
};

WorkerPool::WorkerPool(unsigned threads) : pool_(std::make_unique<Pool>(threads)) {}
WorkerPool::~WorkerPool() { pool_->threads.join(); }
void WorkerPool::post(std::function<void()> work) { boost::asio::post(pool_->threads, std::move(work)); }

}  // namespace zegel::net
