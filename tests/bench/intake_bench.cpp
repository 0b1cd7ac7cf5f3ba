// Messages accepted and stored, from MAIL to the 250 that promises them, over lasting connections on loopback: Zegel
// beside Postfix, their queues on the disk of the folder given with --dir (else the system's folder for temporary
// files; --keep leaves it). The next hop of both never greets them, so that nothing is sent on; and Postfix once more
// with all mail on hold, which is the least that it can do with a message: no queue manager, no attempt.
#include <algorithm>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <vector>

#include <unistd.h>

#include "relay_load.h"
#include "relay_subjects.h"

namespace zegel::bench {
namespace {

struct Case {
  const char* name;
  std::uint32_t sessions;
  std::uint64_t messages;       ///< for Zegel
  std::uint64_t slow_messages;  ///< for Postfix
  double wanted;                ///< times Postfix's rate
};

constexpr std::size_t message_size = std::size_t{10} * 1'024;
constexpr Case cases[] = {
    {"1 session", 1, 2'000, 500, 0}, {"10 sessions", 10, 10'000, 2'000, 5}, {"50 sessions", 50, 10'000, 2'000, 5}};

struct Figures {
  double per_second = 0;
  double cpu_ms = 0;
};

Figures measure(const Relay& relay, const Case& what, std::uint64_t messages) {
  const Usage start = relay.usage();
  const double seconds = send({relay.port(), what.sessions, messages, message_size});
  const auto count = static_cast<double>(messages);
  return {count / seconds, (relay.usage().cpu_seconds - start.cpu_seconds) * 1'000 / count};
}

/// The run of the middle rate: a disk has its moods.
Figures middle(std::vector<Figures> runs) {
  std::ranges::sort(runs, {}, &Figures::per_second);
  return runs[runs.size() / 2];
}

/// One of those compared, and what it did.
struct Subject {
  std::string name;
  const Relay& relay;
  bool slow = true;
  std::vector<Figures> runs = {};
};

void print(const Case& what, const Subject& subject, const Figures& zegel) {
  const Figures found = middle(subject.runs);
  std::printf("%-12s  %-16s  %10.0f  %10.3f", what.name, subject.name.c_str(), found.per_second, found.cpu_ms);
  if (subject.slow) {
    const double ratio = zegel.per_second / found.per_second;
    std::printf("   zegel: %4.1fx the rate, 1/%.1f of the CPU", ratio, found.cpu_ms / zegel.cpu_ms);
    if (what.wanted > 0) std::printf("; wanted %.0fx: %s", what.wanted, ratio >= what.wanted ? "met" : "NOT MET");
  }
  std::printf("\n");
  std::fflush(stdout);
}

/// By turns, so that all meet the same moods.
void run(const Case& what, std::vector<Subject> subjects, int rounds, std::uint64_t part) {
  for (int round = 0; round < rounds; ++round) {
    for (Subject& one : subjects) {
      const std::uint64_t messages =
          std::max<std::uint64_t>((one.slow ? what.slow_messages : what.messages) / part, 50);
      one.runs.push_back(measure(one.relay, what, messages));
    }
  }
  for (const Subject& one : subjects) print(what, one, middle(subjects.front().runs));
}

void run_all(const std::string& program, const std::string& folder, bool quick) {
  const Sink nowhere(true);
  const auto zegel = start_zegel(program, folder + "/zegel", nowhere.port());
  const std::string in_no_hurry = "in_flow_delay = 0\n";  // else it waits for deliveries
  const auto postfix = start_postfix(folder + "/postfix", nowhere.port(), in_no_hurry);
  const auto on_hold = start_postfix(folder + "/postfix-on-hold", nowhere.port(),
                                     in_no_hurry + "smtpd_client_restrictions = check_client_access static:HOLD");
  std::vector<Subject> subjects = {{"zegel", *zegel, false}};
  if (postfix) subjects.push_back({"postfix", *postfix});
  if (on_hold) subjects.push_back({"postfix, on hold", *on_hold});
  std::printf("%-12s  %-16s  %10s  %10s\n", "10 KB", "", "accepted/s", "CPU ms/msg");
  for (const Case& what : cases) run(what, subjects, quick ? 1 : 3, quick ? 10 : 1);
}

}  // namespace
}  // namespace zegel::bench

int main(int argc, char** argv) {
  bool quick = false;
  bool keep = false;
  std::string base = std::filesystem::temp_directory_path();
  for (int i = 1; i < argc; ++i) {
    if (std::strcmp(argv[i], "--quick") == 0) quick = true;
    if (std::strcmp(argv[i], "--keep") == 0) keep = true;
    if (std::strcmp(argv[i], "--dir") == 0 && i + 1 < argc) base = argv[++i];
  }
  const std::string folder = base + "/zegel-bench-intake-" + std::to_string(::getpid());
  const std::string program = std::filesystem::canonical("/proc/self/exe").parent_path() / "zegeld";
  int result = 0;
  try {
    zegel::bench::run_all(program, folder, quick);
  } catch (const std::exception& reason) {
    std::fprintf(stderr, "bench intake: %s\n", reason.what());
    result = 1;
  }
  if (!keep) std::filesystem::remove_all(folder);
  return result;
}
