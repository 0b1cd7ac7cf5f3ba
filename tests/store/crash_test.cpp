#include <set>
#include <thread>

#include <sys/wait.h>
#include <unistd.h>

#include "store/fixture.h"

namespace zegel::store {
namespace {

using namespace std::chrono_literals;

/// One line on the pipe: what was acknowledged. Short writes to a pipe are whole.
void say(int pipe, char what, const std::string& reference) {
  const std::string line = what + reference + "\n";
  if (::write(pipe, line.data(), line.size()) != static_cast<ssize_t>(line.size())) ::_exit(3);
}

std::string body_of(const std::string& reference, std::size_t size) {
  std::string body = reference;
  while (body.size() < size) body += reference;
  return body;
}

/// Takes in and delivers until it is killed.
[[noreturn]] void live(const std::string& dir, int pipe) {
  auto store = open_sqlite(dir);
  if (!store) ::_exit(2);
  for (std::size_t i = 0;; ++i) {
    const std::string reference = new_reference();
    const std::size_t size = i % 50 == 49 ? 1'300'000 : 3000;
    (*store)->submit(submission(reference, body_of(reference, size)), [=](std::exception_ptr error) {
      if (!error) say(pipe, '+', reference);
    });
    if (i % 7 != 0) continue;
    for (const QueuedCopy& copy : (*store)->take_due(noon, 4)) {
      const std::string sent = copy.reference;
      Attempt attempt{.copy = copy.id, .at = noon};
      say(pipe, '?', sent);
      attempt.outcomes.push_back(outcome(copy.recipients[0].mailbox, RecipientOutcome::Kind::delivered));
      (*store)->record(std::move(attempt), [=](std::exception_ptr error) {
        if (!error) say(pipe, '-', sent);
      });
    }
    if (i % 70 == 69) std::this_thread::sleep_for(2ms);
  }
}

struct Said {
  std::set<std::string> in, out, under_way;
};

Said listen(int pipe) {
  std::string all;
  char room[65536];
  for (ssize_t size = 0; (size = ::read(pipe, room, sizeof room)) > 0;)
    all.append(room, static_cast<std::size_t>(size));
  Said said;
  for (const std::string_view line : text::split(all, '\n')) {
    if (line.size() != 11) continue;
    (line[0] == '+' ? said.in : line[0] == '-' ? said.out : said.under_way).emplace(line.substr(1));
  }
  return said;
}

Said run_and_kill(const std::string& dir, std::chrono::milliseconds after) {
  int ends[2];
  EXPECT_EQ(::pipe(ends), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    ::close(ends[0]);
    live(dir, ends[1]);
  }
  ::close(ends[1]);
  std::thread killer([=] {
    std::this_thread::sleep_for(after);
    ::kill(child, SIGKILL);
  });
  Said said = listen(ends[0]);
  killer.join();
  ::close(ends[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_TRUE(WIFSIGNALED(status)) << "the child ended by itself: " << status;
  return said;
}

TEST(Crash, LosesNothingThatWasAcknowledged) {
  const TempDir dir;
  std::set<std::string> must, must_not;
  std::size_t seen = 0;
  for (int round = 0; round < 30; ++round) {
    Said said = run_and_kill(dir.state(), std::chrono::milliseconds(15 + random_below(100)));
    must.merge(said.in);
    // What was being recorded may have been, unsaid.
    for (const std::string& either : said.under_way) must.erase(either);
    must_not.merge(said.out);

    auto store = open(dir);
    ASSERT_TRUE(store);
    EXPECT_TRUE(store->integrity().empty()) << store->integrity().front();
    std::set<std::string> there;
    for (const QueuedCopy& copy : store->take_due(noon, 100'000)) {
      const auto octets = store->read(copy.id);
      ASSERT_TRUE(octets) << octets.error().why;
      EXPECT_EQ(octets->bytes(), body_of(copy.reference, copy.size));
      EXPECT_FALSE(must_not.contains(copy.reference)) << copy.reference << " was recorded as delivered";
      there.insert(copy.reference);
      store->record({.copy = copy.id,
                     .at = noon,
                     .outcomes = {outcome(copy.recipients[0].mailbox, RecipientOutcome::Kind::delivered)}},
                    {});
    }
    for (const std::string& reference : must) EXPECT_TRUE(there.contains(reference)) << reference << " was lost";
    seen += must.size();
    must.clear();
  }
  EXPECT_GT(seen, 30u) << "the test must have tested something";
}

}  // namespace
}  // namespace zegel::store
