// How fast the store takes in, gives out and forgets, and whether a long queue makes it slower.
#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <mutex>
#include <string>
#include <vector>

#include <sys/resource.h>
#include <sys/stat.h>

#include "core/random.h"
#include "core/text.h"
#include "store/store.h"

namespace zegel::store {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t message_size = 10'240;

double since(Clock::time_point begin) { return std::chrono::duration<double>(Clock::now() - begin).count(); }

double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

long peak_mb() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss / 1024;
}

/// Lets at most `room` of them through at a time.
class Gate {
 public:
  explicit Gate(std::size_t room) : room_(room), free_(room) {}
  void enter() {
    std::unique_lock lock(mutex_);
    wake_.wait(lock, [&] { return free_ > 0; });
    --free_;
  }
  void leave() {
    const std::lock_guard lock(mutex_);
    ++free_;
    wake_.notify_one();
  }
  void wait_empty() {
    std::unique_lock lock(mutex_);
    wake_.wait(lock, [&] { return free_ == room_; });
  }

 private:
  const std::size_t room_;
  std::size_t free_;
  std::mutex mutex_;
  std::condition_variable wake_;
};

class Bench {
 public:
  Bench(std::string dir, std::size_t size) : dir_(std::move(dir)), octets_(seal::OwnWords::sealed(random_bytes(size))) {
    reopen();
  }

  double reopen() {
    store_.reset();
    const auto begin = Clock::now();
    auto store = open_sqlite(dir_);
    if (!store) {
      std::fprintf(stderr, "%s\n", store.error().why.c_str());
      std::exit(1);
    }
    store_ = std::move(*store);
    return since(begin);
  }

  /// Seconds each took, sorted.
  std::vector<double> submit(std::size_t count, std::size_t in_flight) {
    Gate gate(in_flight);
    std::vector<double> seconds(count);
    for (std::size_t i = 0; i < count; ++i) {
      gate.enter();
      const auto begin = Clock::now();
      store_->submit(next(), [&gate, &seconds, i, begin](std::exception_ptr error) {
        if (error) std::abort();
        seconds[i] = since(begin);
        gate.leave();
      });
    }
    gate.wait_empty();
    std::ranges::sort(seconds);
    return seconds;
  }

  /// Takes in and sends on `count`, as the gateway does: a copy is given out as soon as it is there.
  void cycle(std::size_t count, std::size_t in_flight) {
    Gate gate(in_flight);
    std::size_t taken = 0;
    for (std::size_t i = 0; i < count; ++i) {
      gate.enter();
      store_->submit(next(), [&gate](std::exception_ptr error) {
        if (error) std::abort();
        gate.leave();
      });
      taken += deliver(in_flight);
    }
    gate.wait_empty();
    while (taken < count) taken += deliver(in_flight);
    recorded_.wait_empty();
  }

  std::size_t deliver(std::size_t limit) {
    const auto due = store_->take_due(zegel::now(), limit);
    for (const QueuedCopy& copy : due) {
      const auto octets = store_->read(copy.id);
      if (!octets || octets->size() != octets_.size()) std::abort();
      Attempt attempt{.copy = copy.id, .at = copy.received};
      attempt.outcomes.push_back({.recipient = copy.recipients[0].mailbox,
                                  .kind = RecipientOutcome::Kind::delivered,
                                  .reply = "250 2.0.0 Ok: queued as 4Xyz12345",
                                  .relay = "smtp.provider.nl:587",
                                  .tls = "TLSv1.3/verified"});
      recorded_.enter();
      store_->record(std::move(attempt), [this](std::exception_ptr) { recorded_.leave(); });
    }
    return due.size();
  }

  /// Delivers until nothing is due.
  std::size_t drain() {
    std::size_t count = 0;
    for (std::size_t some = 1; some > 0; count += some) some = deliver(100);
    recorded_.wait_empty();
    return count;
  }

 private:
  Submission next() {
    const std::size_t who = count_++ % 500;
    const mail::Recipient to{.mailbox = {"jan" + std::to_string(who), "klant.nl"}};
    Submission s{.reference = new_reference(),
                 .envelope = {.from = mail::Mailbox{"piet", "kantoor.nl"}, .to = {to}},
                 .client = "127.0.0.1",
                 .client_tls = "TLSv1.3",
                 .message_id = "<" + std::to_string(count_) + "." + std::to_string(who) + "@kantoor.nl>",
                 .size = octets_.size(),
                 .received = zegel::now()};
    s.copies.push_back({.message = octets_, .recipients = {to}, .method = Method::clear, .rule = "zegel.toml:41"});
    return s;
  }

  std::string dir_;
  seal::Sealed octets_;
  std::unique_ptr<Store> store_;
  std::size_t count_ = 0;
  Gate recorded_{2000};
};

struct Run {
  Clock::time_point begin = Clock::now();
  double cpu = cpu_seconds();
  void report(const char* what, std::size_t count) const {
    const double seconds = since(begin);
    const auto n = static_cast<double>(count);
    std::printf("%-34s %9zu %10.0f/s %9.1f us CPU each\n", what, count, n / seconds, (cpu_seconds() - cpu) / n * 1e6);
    std::fflush(stdout);
  }
};

void rates(const std::string& dir, bool quick) {
  const std::size_t scale = quick ? 1 : 5;
  for (const std::size_t in_flight : {1U, 10U, 50U}) {
    Bench bench(dir + "/rate" + std::to_string(in_flight), message_size);
    const std::size_t count = scale * (in_flight == 1 ? 300 : 2000);
    const Run run;
    bench.submit(count, in_flight);
    run.report(("submit, " + std::to_string(in_flight) + " in flight").c_str(), count);
  }
  for (const std::size_t in_flight : {1U, 10U, 50U}) {
    Bench bench(dir + "/cycle" + std::to_string(in_flight), message_size);
    const std::size_t count = scale * (in_flight == 1 ? 300 : 2000);
    const Run run;
    bench.cycle(count, in_flight);
    run.report(("submit to delivered, " + std::to_string(in_flight) + " in flight").c_str(), count);
  }
  Bench big(dir + "/big", std::size_t{1} << 20);
  const Run run;
  big.cycle(20 * scale, 10);
  run.report("the same at 1 MB, 10 in flight", 20 * scale);
}

/// Enqueue rates with more and more in the queue; all rows are of the size given.
void growth(const std::string& dir, std::size_t size, std::size_t most) {
  Bench bench(dir + "/growth" + std::to_string(size), size);
  std::size_t queued = 0;
  std::printf("\n%zu octets each\n%-12s %12s %10s %10s %10s %12s %12s\n", size, "queued", "submit/s", "p50 ms",
              "p99 ms", "CPU us", "start ms", "bytes MB");
  for (std::size_t target = 1000; target <= most; target *= 10) {
    while (queued < target) {
      bench.submit(1000, 200);
      queued += 1000;
    }
    if (target == 10'000 && most > target) continue;
    const double start = bench.reopen();
    const std::size_t count = 5000;
    const double cpu = cpu_seconds();
    const auto begin = Clock::now();
    const std::vector<double> seconds = bench.submit(count, 50);
    const double took = since(begin);
    queued += count;
    std::printf("%-12zu %12.0f %10.2f %10.2f %10.1f %12.1f %12ld\n", target, static_cast<double>(count) / took,
                seconds[count / 2] * 1e3, seconds[count * 99 / 100] * 1e3, (cpu_seconds() - cpu) / count * 1e6,
                start * 1e3, peak_mb());
    std::fflush(stdout);
  }
  const Run run;
  const std::size_t sent = std::min<std::size_t>(queued, 50'000);
  std::size_t done = 0;
  while (done < sent) done += bench.deliver(100);
  run.report("delivered from the backlog", done);
}

}  // namespace
}  // namespace zegel::store

int main(int count, char** arguments) {
  bool quick = false;
  std::size_t most = 1'000'000;
  std::size_t size = 10'240;
  for (int i = 1; i < count; ++i) {
    const std::string_view argument = arguments[i];
    if (argument == "--quick") quick = true;
    if (argument.starts_with("--most=")) most = std::strtoul(arguments[i] + 7, nullptr, 10);
    if (argument.starts_with("--octets=")) size = std::strtoul(arguments[i] + 9, nullptr, 10);
  }
  if (quick) most = std::min<std::size_t>(most, 10'000);
  const auto dir = std::filesystem::temp_directory_path() / ("zegel-bench-" + zegel::text::hex(zegel::random_bytes(8)));
  std::filesystem::create_directories(dir);
  zegel::store::rates(dir.string(), quick);
  if (most > 0) zegel::store::growth(dir.string(), size, most);
  std::filesystem::remove_all(dir);
  std::printf("peak memory %ld MB\n", zegel::store::peak_mb());
}
