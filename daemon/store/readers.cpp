#include "store/readers.h"

namespace zegel::store {

namespace {
constexpr std::size_t most_idle = 4;
}

std::unique_ptr<Database> Readers::take() {
  {
    const std::lock_guard lock(mutex_);
    if (!idle_.empty()) {
      auto db = std::move(idle_.back());
      idle_.pop_back();
      return db;
    }
  }
  return std::make_unique<Database>(path_, Database::Use::read);
}

void Readers::put_back(std::unique_ptr<Database> db) {
  const std::lock_guard lock(mutex_);
  if (idle_.size() < most_idle) idle_.push_back(std::move(db));
}

}  // namespace zegel::store
