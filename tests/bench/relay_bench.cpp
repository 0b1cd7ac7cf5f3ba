// End to end: client -> relay -> next hop, all on loopback, the queue on the disk of the folder given with --dir (else
// the system's folder for temporary files; --keep leaves it). Zegel with a rule that sends in clear, beside Postfix as
// a plain relay; --alone without it, --only=N the N-th case, both for those who look for where the time goes.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <iterator>
#include <string_view>
#include <thread>
#include <vector>

#include <unistd.h>

#include "relay_load.h"
#include "relay_subjects.h"

namespace zegel::bench {
namespace {

namespace fs = std::filesystem;

struct Case {
  const char* name;
  std::uint32_t sessions;
  std::size_t size;
  std::uint64_t messages;       ///< for Zegel
  std::uint64_t slow_messages;  ///< for Postfix
};

constexpr std::size_t kilobyte = 1'024;
/// Each relay in turn, so often; medians count, as what else the machine does changes from one to the next.
constexpr int turns = 5;

constexpr Case cases[] = {{"10 KB, 1 session", 1, 10 * kilobyte, 4'000, 1'000},
                          {"10 KB, 10 sessions", 10, 10 * kilobyte, 20'000, 3'000},
                          {"10 KB, 50 sessions", 50, 10 * kilobyte, 20'000, 3'000},
                          {"1 MB, 10 sessions", 10, 1'024 * kilobyte, 500, 200}};

struct Figures {
  double per_second = 0;
  double cpu_ms = 0;
  double accepted_per_second = 0;
  double peak_mb = 0;
};

/// Each figure's own median.
Figures medians(std::vector<Figures> all) {
  const auto median = [&](double Figures::* figure) {
    std::ranges::sort(all, {}, figure);
    return all[all.size() / 2].*figure;
  };
  return {median(&Figures::per_second), median(&Figures::cpu_ms), median(&Figures::accepted_per_second),
          median(&Figures::peak_mb)};
}

/// Until the next hop has them all; gives the seconds that took.
double wait_for(const Sink& sink, std::uint64_t count) {
  const auto start = std::chrono::steady_clock::now();
  while (sink.taken() < count) {
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
    if (std::chrono::steady_clock::now() - start > std::chrono::minutes(3)) {
      throw std::runtime_error("the next hop waits in vain for " + std::to_string(count - sink.taken()) + " messages");
    }
  }
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

Figures measure(const Relay& relay, const Sink& sink, const Case& what, std::uint64_t messages) {
  const std::uint64_t before = sink.taken();
  const Usage start = relay.usage();
  const double sending = send({relay.port(), what.sessions, messages, what.size});
  const double all = sending + wait_for(sink, before + messages);
  const Usage end = relay.usage();
  const auto count = static_cast<double>(messages);
  return {count / all, (end.cpu_seconds - start.cpu_seconds) * 1'000 / count, count / sending,
          static_cast<double>(end.peak_memory) / 1e6};
}

void print(const Case& what, const Relay& relay, const Figures& found, const Figures* beside) {
  std::printf("%-20s  %-8s  %10.0f  %10.0f  %10.3f  %9.0f", what.name, relay.name().c_str(), found.per_second,
              found.accepted_per_second, found.cpu_ms, found.peak_mb);
  if (beside != nullptr) {
    std::printf("   %5.1fx the rate, 1/%.1f of the CPU", found.per_second / beside->per_second,
                beside->cpu_ms / found.cpu_ms);
  }
  std::printf("\n");
  std::fflush(stdout);
}

struct Wish {
  bool quick = false;
  bool alone = false;
  bool keep = false;
  std::size_t only = 0;  ///< a case by its number from 1; 0: all
  std::string base = fs::temp_directory_path();
};

void run_all(const std::string& program, const std::string& folder, const Wish& wish) {
  const Sink sink;
  const auto zegel = start_zegel(program, folder + "/zegel", sink.port());
  const auto postfix = wish.alone ? nullptr : start_postfix(folder + "/postfix", sink.port());
  std::printf("%-20s  %-8s  %10s  %10s  %10s  %9s\n", "", "", "delivered/s", "accepted/s", "CPU ms/msg", "peak MB");
  for (std::size_t i = 0; i < std::size(cases); ++i) {
    if (wish.only != 0 && wish.only != i + 1) continue;
    const Case& what = cases[i];
    const std::uint64_t part = wish.quick ? 10 : 1;
    std::vector<Figures> found, beside;
    for (int turn = 0; turn < (wish.quick ? 1 : turns); ++turn) {
      if (postfix) {
        beside.push_back(measure(*postfix, sink, what, std::max<std::uint64_t>(what.slow_messages / part, 20)));
      }
      found.push_back(measure(*zegel, sink, what, std::max<std::uint64_t>(what.messages / part, 20)));
    }
    const Figures theirs = postfix ? medians(beside) : Figures();
    if (postfix) print(what, *postfix, theirs, nullptr);
    print(what, *zegel, medians(found), postfix ? &theirs : nullptr);
  }
}

}  // namespace
}  // namespace zegel::bench

int main(int argc, char** argv) {
  zegel::bench::Wish wish;
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (word == "--quick") wish.quick = true;
    if (word == "--alone") wish.alone = true;
    if (word == "--keep") wish.keep = true;
    if (word.starts_with("--only=")) wish.only = std::strtoul(argv[i] + 7, nullptr, 10);
    if (word == "--dir" && i + 1 < argc) wish.base = argv[++i];
  }
  const std::string folder = wish.base + "/zegel-bench-relay-" + std::to_string(::getpid());
  const std::string program = std::filesystem::canonical("/proc/self/exe").parent_path() / "zegeld";
  int result = 0;
  try {
    zegel::bench::run_all(program, folder, wish);
  } catch (const std::exception& reason) {
    std::fprintf(stderr, "bench relay: %s\n", reason.what());
    result = 1;
  }
  if (!wish.keep) std::filesystem::remove_all(folder);
  return result;
}
