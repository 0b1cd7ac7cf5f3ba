#include <mutex>

#include "seal/gpg_server.h"
#include "seal/gpgme.h"
#include "seal/pgp_check.h"
#include "seal/pgp_engine.h"
#include "seal/pgp_ring.h"

namespace zegel::seal {

namespace {

constexpr unsigned messages_per_server =
    2'000;                                  ///< then a fresh process takes its place: gpg was not made to live long
constexpr unsigned failures_in_a_row = 3;   ///< after so many…
constexpr unsigned messages_to_rest = 200;  ///< …the plain engine does that many alone
constexpr std::size_t most_idle = 8;

/// Keeps gpg processes at hand. Whatever goes wrong with one (crash, hang, an answer that is not what was asked for)
/// costs its process and a little time: the plain engine makes the message then.
class FastEngine : public PgpEngine {
 public:
  FastEngine(const std::string& home, const PgpLimits& limits)
      : limits_(limits), home_(prepare_home(home, limits.seconds)), plain_(make_plain_engine(home)) {}

  std::expected<std::string, SealFailure> encrypt(const PgpJob& job) override {
    if (job.signer == nullptr && home_ && may_try()) {
      if (auto made = try_fast(job)) return std::move(*made);
    }
    return plain_->encrypt(job);  // a kept gpg cannot sign
  }

 private:
  std::optional<std::string> try_fast(const PgpJob& job) {
    auto server = take();
    auto made = server ? server->encrypt(job) : Result<std::string>(fail("gpg did not start"));
    const bool good = made && check_message(*made, job.recipients, job.size());
    give_back(good ? std::move(server) : nullptr, good);
    return good ? std::optional(std::move(*made)) : std::nullopt;
  }

  bool may_try() {
    const std::lock_guard lock(mutex_);
    if (resting_ > 0) --resting_;
    return resting_ == 0;
  }

  std::unique_ptr<GpgServer> take() {
    {
      const std::lock_guard lock(mutex_);
      if (!idle_.empty()) {
        auto server = std::move(idle_.back());
        idle_.pop_back();
        return server;
      }
    }
    auto started = GpgServer::start(limits_.gpg.empty() ? "gpg" : limits_.gpg, home_->path, limits_.seconds);
    return started ? std::move(*started) : nullptr;
  }

  void give_back(std::unique_ptr<GpgServer> server, bool good) {
    const std::lock_guard lock(mutex_);
    failures_ = good ? 0 : failures_ + 1;
    if (failures_ >= failures_in_a_row) failures_ = 0, resting_ = messages_to_rest;
    if (server != nullptr && server->used() < messages_per_server && idle_.size() < most_idle) {
      idle_.push_back(std::move(server));
    }
  }

  PgpLimits limits_;
  Result<PgpHome> home_;
  std::shared_ptr<PgpEngine> plain_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<GpgServer>> idle_;
  unsigned failures_ = 0;
  unsigned resting_ = 0;
};

}  // namespace

std::shared_ptr<PgpEngine> make_fast_engine(const std::string& home, const PgpLimits& limits) {
  return std::make_shared<FastEngine>(home, limits);
}

std::shared_ptr<PgpEngine> make_pgp_engine(const std::string& home) { return make_fast_engine(home); }

}  // namespace zegel::seal
