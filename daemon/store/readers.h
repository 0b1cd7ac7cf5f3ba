#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "store/database.h"

namespace zegel::store {

/// Connections for reading, as many as are in use at one time. Thread-safe.
class Readers {
 public:
  explicit Readers(std::string path) : path_(std::move(path)) {}

  /// One connection, for as long as this lives.
  class Lease {
   public:
    Lease(Readers& from, std::unique_ptr<Database> db) : from_(from), db_(std::move(db)) {}
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    ~Lease() { from_.put_back(std::move(db_)); }
    Database& operator*() { return *db_; }
    Database* operator->() { return db_.get(); }

   private:
    Readers& from_;
    std::unique_ptr<Database> db_;
  };

  [[nodiscard]] Lease lease() { return {*this, take()}; }
  [[nodiscard]] std::unique_ptr<Database> take();

 private:
  void put_back(std::unique_ptr<Database>);

  const std::string path_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Database>> idle_;  // guarded by mutex_
};

}  // namespace zegel::store
