// How fast the store takes in, gives out and forgets, and whether a long queue makes it slower: three queues, the
// longest of a million messages (14 GB in the folder for temporary files; --most=N for fewer, 0 for none).
#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <mutex>
#include <ranges>
#include <string>
#include <thread>
#include <utility>
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

  /// `zegel queue`: all of it, in pages.
  double list() {
    constexpr std::size_t page = 20'000;
    const auto begin = Clock::now();
    for (auto copies = store_->queue(0, page); copies.size() == page;) copies = store_->queue(copies.back().id, page);
    return since(begin);
  }

  /// `zegel forget`: how long it takes, and the longest that mail taken in meanwhile waits.
  std::pair<double, double> forget() {
    std::atomic<bool> over = false;
    double slowest = 0;
    std::thread mail([&] {
      while (!over) slowest = std::max(slowest, submit(1, 1)[0]);
    });
    const auto begin = Clock::now();
    store_->forget("jan7@klant.nl", zegel::now());
    const double took = since(begin);
    over = true;
    mail.join();
    return {took, slowest};
  }

  /// Until what was delivered is written down.
  void settle() { recorded_.wait_empty(); }

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

/// A store with so many queued, and what it took to put one more in.
struct Queue {
  std::size_t length;
  std::unique_ptr<Bench> bench;
  std::vector<double> rates = {}, medians = {}, slowest = {};  ///< per round
};

double median(std::vector<double> of) {
  std::ranges::sort(of);
  return of[of.size() / 2];
}

Queue fill(const std::string& dir, std::size_t length, std::size_t size) {
  Queue queue{length, std::make_unique<Bench>(dir + "/queue" + std::to_string(length), size)};
  const Run run;
  queue.bench->submit(length, 500);
  run.report("queued", length);
  const double start = queue.bench->reopen();
  std::printf("%-34s %9zu %10.0f ms\n", "opened again", length, start * 1e3);
  std::fflush(stdout);
  return queue;
}

/// One round: so many in, and as many out again, so that the queue stays as long as it is.
void measure(Queue& queue, std::size_t count) {
  const auto begin = Clock::now();
  const std::vector<double> seconds = queue.bench->submit(count, 50);
  queue.rates.push_back(static_cast<double>(count) / since(begin));
  queue.medians.push_back(seconds[count / 2] * 1e3);
  queue.slowest.push_back(seconds[count * 99 / 100] * 1e3);
  for (std::size_t sent = 0; sent < count;) sent += queue.bench->deliver(std::min<std::size_t>(100, count - sent));
  queue.bench->settle();
}

/// Whether the length of the queue makes it slower. The queues take turns, so that whatever else the disk has to do
/// hits them alike.
void growth(const std::string& dir, std::size_t size, std::size_t most, bool quick) {
  std::printf("\nqueues of %zu octets a message\n", size);
  std::vector<Queue> queues;
  for (const std::size_t length : {std::size_t{1'000}, most / 10, most}) {
    if (length >= 1'000 && (queues.empty() || length > queues.back().length)) queues.push_back(fill(dir, length, size));
  }
  const std::size_t rounds = quick ? 3 : 11;
  for (std::size_t round = 0; round < rounds; ++round) {
    // To and fro, so that none is always measured behind the same one.
    for (Queue& queue : queues) measure(queue, 1'000);
    for (Queue& queue : queues | std::views::reverse) measure(queue, 1'000);
  }
  std::printf("%-12s %12s %10s %10s   %s\n", "queued", "submit/s", "p50 ms", "p99 ms", "beside the shortest queue");
  for (const Queue& queue : queues) {
    std::printf("%-12zu %12.0f %10.2f %10.2f   %.2fx the rate, %.2fx the latency\n", queue.length, median(queue.rates),
                median(queue.medians), median(queue.slowest), median(queue.rates) / median(queues.front().rates),
                median(queue.medians) / median(queues.front().medians));
  }
  for (const Queue& queue : queues) {
    const long before = peak_mb();
    const double listed = queue.bench->list();
    const auto [forgot, waited] = queue.bench->forget();
    std::printf("%-12zu listed in %.0f ms (%ld MB more), a person forgotten in %.0f ms, mail waiting %.1f ms at most\n",
                queue.length, listed * 1e3, peak_mb() - before, forgot * 1e3, waited * 1e3);
  }
}

}  // namespace
}  // namespace zegel::store

int main(int count, char** arguments) {
  bool quick = false;
  bool only_growth = false;
  std::size_t most = 1'000'000;
  std::size_t size = 10'240;
  for (int i = 1; i < count; ++i) {
    const std::string_view argument = arguments[i];
    if (argument == "--quick") quick = true;
    if (argument == "--only-growth") only_growth = true;
    if (argument.starts_with("--most=")) most = std::strtoul(arguments[i] + 7, nullptr, 10);
    if (argument.starts_with("--octets=")) size = std::strtoul(arguments[i] + 9, nullptr, 10);
  }
  if (quick) most = std::min<std::size_t>(most, 100'000);
  const auto dir = std::filesystem::temp_directory_path() / ("zegel-bench-" + zegel::text::hex(zegel::random_bytes(8)));
  std::filesystem::create_directories(dir);
  if (!only_growth) zegel::store::rates(dir.string(), quick);
  if (most > 0) zegel::store::growth(dir.string(), size, most, quick);
  std::filesystem::remove_all(dir);
  std::printf("peak memory %ld MB\n", zegel::store::peak_mb());
}
