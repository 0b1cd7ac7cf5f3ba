// How fast the recipient check answers on one thread, and what it takes of memory. `--quick`: 100,000 domains at most.
// Where npm is there, mailcheck.js answers the same questions about the same list, for comparison.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <vector>

#include <sys/resource.h>
#include <time.h>

#include "check/index.h"
#include "check/known_recipients.h"

namespace {

using namespace zegel;

/// The processor time of this thread: a busy machine then says the same as an idle one.
double cpu_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

/// Names as offices and shops have them, made up; the same in every run.
class Names {
 public:
  std::string name() {
    static const std::vector<std::string> parts = {
        "bakker", "jansen",   "de",     "van",    "berg",   "zorg", "groep",  "noord", "zuid",     "advies",
        "bouw",   "techniek", "school", "mulder", "visser", "smit", "huis",   "arts",  "praktijk", "kantoor",
        "oost",   "west",     "delta",  "groen",  "water",  "land", "hof",    "dijk",  "veld",     "media",
        "data",   "fiets",    "auto",   "garage", "sport",  "club", "winkel", "boek",  "tuin",     "hout",
        "staal",  "licht",    "nova",   "prima",  "ster",   "kern", "plus",   "punt",  "werk",     "team",
        "net",    "web",      "it",     "soft",   "lab",    "tand"};
    std::string out;
    const std::size_t words = 1 + pick(3);
    for (std::size_t i = 0; i < words; ++i) {
      if (i > 0 && pick(6) == 0) out += '-';
      out += pick(4) == 0 ? syllables() : parts[pick(parts.size())];
    }
    if (out.size() < 7 || pick(3) == 0) out += syllables();
    return out;
  }
  std::string domain() {
    static const std::vector<std::string> endings = {"nl", "nl", "nl", "nl",  "nl",  "com",  "com",
                                                     "be", "de", "eu", "org", "net", "co.uk"};
    return name() + "." + endings[pick(endings.size())];
  }
  std::string misspelt(std::string domain, unsigned times) {
    while (times-- > 0) {
      const std::size_t dot = domain.find('.');
      const std::size_t at = pick(std::max<std::size_t>(dot, 2) - 1);
      const auto letter = static_cast<char>('a' + pick(26));
      switch (pick(4)) {
        case 0:
          std::swap(domain[at], domain[at + 1]);
          break;
        case 1:
          domain.insert(at, 1, letter);
          break;
        case 2:
          domain[at] = letter;
          break;
        default:
          if (dot > 3) domain.erase(at, 1);
      }
    }
    return domain;
  }
  std::size_t pick(std::size_t below) { return std::uniform_int_distribution<std::size_t>(0, below - 1)(random_); }

 private:
  std::string syllables() {
    std::string out;
    for (std::size_t i = 0, n = 1 + pick(3); i < n; ++i) {
      out += "bcdfghjklmnprstvwz"[pick(18)];
      out += "aeiou"[pick(5)];
      if (pick(3) == 0) out += "nrstlk"[pick(6)];
    }
    return out;
  }
  std::mt19937_64 random_{20261123};
};

long peak_mb() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss / 1024;
}

/// Now, not at most.
long resident_mb() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmRSS:")) return std::atol(line.c_str() + 6) / 1024;
  }
  return 0;
}

double seconds_since(double start) { return cpu_seconds() - start; }

struct Timing {
  double rate = 0;
  double p50 = 0, p99 = 0, worst = 0;  // microseconds
  std::size_t near = 0;
};

Timing time_of(const check::Index& index, const std::vector<std::string>& questions) {
  std::vector<double> each;
  each.reserve(questions.size());
  Timing timing;
  const auto start = cpu_seconds();
  for (const auto& question : questions) {
    timing.near += index.judge_domain(question).standing == check::Standing::near_miss ? 1U : 0U;
  }
  timing.rate = static_cast<double>(questions.size()) / seconds_since(start);
  for (const auto& question : questions) {  // again, each by itself: asking for the time takes time
    const auto begin = cpu_seconds();
    (void)index.judge_domain(question);
    each.push_back(seconds_since(begin) * 1e6);
  }
  std::ranges::sort(each);
  timing.p50 = each[each.size() / 2];
  timing.p99 = each[each.size() * 99 / 100];
  timing.worst = each.back();
  return timing;
}

double learning_rate(std::shared_ptr<const check::Index> index, Names& names) {
  check::KnownRecipients known(std::move(index));
  const auto start = cpu_seconds();
  constexpr int times = 2'000;
  for (int i = 0; i < times; ++i) {
    known.learn({{.what = check::Entry::What::address,
                  .text = "jan@" + names.domain(),
                  .mails = 1,
                  .source = check::Source::learned}});
  }
  return times / seconds_since(start);
}

void compare_with_mailcheck(const std::vector<std::string>& domains, const std::vector<std::string>& questions) {
  const auto dir = std::filesystem::temp_directory_path() / "zegel-bench-mailcheck";
  std::filesystem::create_directories(dir);
  const auto write = [&](const char* name, const std::vector<std::string>& lines, std::size_t most) {
    std::ofstream out(dir / name);
    for (std::size_t i = 0; i < std::min(most, lines.size()); ++i) out << lines[i] << '\n';
  };
  write("domains.txt", domains, domains.size());
  write("questions.txt", questions, 300);
  std::fflush(stdout);
  const std::string command = "sh " ZEGEL_SOURCE_DIR "/tests/bench/recipients_mailcheck.sh '" + dir.string() + "'";
  if (std::system(command.c_str()) != 0)
    std::puts("  mailcheck.js             not measured (npm or mailcheck is not there)");
}

void measure(std::size_t size, bool with_mailcheck) {
  Names names;
  std::vector<std::string> domains;
  domains.reserve(size);
  check::IndexBuilder builder;
  builder.add_providers();
  const auto start = cpu_seconds();
  while (domains.size() < size) {
    domains.push_back(names.domain());
    builder.add(domains.back(), static_cast<std::uint32_t>(names.pick(100)), check::Source::history);
  }
  const auto index = builder.build();
  std::printf("%zu known domains: built in %.1f s, tables %zu MB, resident %ld MB, at most %ld MB\n", size,
              seconds_since(start), index->memory() >> 20, resident_mb(), peak_mb());
  std::vector<std::string> known, typos, strangers;
  for (std::size_t i = 0; i < 200'000; ++i) known.push_back(domains[names.pick(size)]);
  for (std::size_t i = 0; i < 50'000; ++i) {
    typos.push_back(names.misspelt(domains[names.pick(size)], 1 + static_cast<unsigned>(i % 2)));
    strangers.push_back(names.domain());
  }
  std::printf("  %-24s %12s %9s %9s %9s %7s\n", "one thread", "answers/s", "p50 us", "p99 us", "worst us", "flagged");
  const auto row = [&](const char* what, const std::vector<std::string>& questions) {
    const Timing t = time_of(*index, questions);
    std::printf("  %-24s %12.0f %9.2f %9.2f %9.1f %6.1f%%\n", what, t.rate, t.p50, t.p99, t.worst,
                100.0 * static_cast<double>(t.near) / static_cast<double>(questions.size()));
  };
  row("known", known);
  row("misspelt (1 or 2 edits)", typos);
  row("unknown", strangers);
  std::printf("  %-24s %12.0f\n", "learn a new recipient", learning_rate(index, names));
  if (with_mailcheck) compare_with_mailcheck(domains, typos);
}

}  // namespace

int main(int argc, char** argv) {
  const bool quick = argc > 1 && std::string_view(argv[1]) == "--quick";
  measure(10'000, true);
  measure(quick ? 100'000 : 1'000'000, !quick);
}
