#include "reload.h"

#include <future>
#include <stdexcept>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <gtest/gtest.h>

namespace zegel {
namespace {

/// A reload whose every step is written down; `load` waits where the test says so.
struct Rehearsal {
  boost::asio::io_context io;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> busy{io.get_executor()};
  int loads = 0, in_force = 0, settled = 0, turns = 0;
  std::vector<bool> answers;
  std::string why;
  std::function<void()> while_loading = [] {};
  std::function<void()> when_put = [] {};
  Reload reload{io,
                {.begin = [] {},
                 .load =
                     [this] {
                       ++loads;
                       while_loading();
                       return Fresh{};
                     },
                 .put_in_force =
                     [this](const Fresh&) {
                       when_put();
                       ++in_force;
                     },
                 .settle = [this](const Fresh&) { ++settled; },
                 .end = [this](const std::string& said) { why = said; }}};

  void ask() {
    reload.ask([this](bool done) { answers.push_back(done); });
  }
  void run(std::size_t until) {
    while (answers.size() < until && io.run_one_for(std::chrono::seconds(20)) > 0) ++turns;
  }
};

TEST(Reload, LoadsBesideTheLoopAndPutsInForceOnIt) {
  Rehearsal rehearsal;
  std::promise<void> turned;
  rehearsal.while_loading = [&] { turned.get_future().wait(); };  // waits for the loop: it must not be on it
  rehearsal.ask();
  boost::asio::post(rehearsal.io, [&] { turned.set_value(); });
  rehearsal.run(1);
  EXPECT_EQ(rehearsal.answers, std::vector{true});
  EXPECT_EQ(rehearsal.settled, 1);
}

TEST(Reload, OfThoseAskedForMeanwhileMakesOneMore) {
  Rehearsal rehearsal;
  std::promise<void> go;
  const auto gate = go.get_future().share();
  rehearsal.while_loading = [&] { gate.wait(); };
  for (int i = 0; i < 5; ++i) rehearsal.ask();
  go.set_value();
  rehearsal.run(5);
  EXPECT_EQ(rehearsal.answers, std::vector(5, true));
  EXPECT_EQ(rehearsal.loads, 2);
}

TEST(Reload, IsRefusedByWhatCannotBeLoaded) {
  Rehearsal rehearsal;
  rehearsal.while_loading = [] { throw std::runtime_error("no such file"); };
  rehearsal.ask();
  rehearsal.run(1);
  EXPECT_EQ(rehearsal.answers, std::vector{false});
  EXPECT_EQ(rehearsal.why, "no such file");
  EXPECT_EQ(rehearsal.in_force, 0);
}

TEST(Reload, IsRefusedByWhatCannotBePutInForceAndWorksTheNextTime) {
  Rehearsal rehearsal;
  rehearsal.when_put = [] { throw std::runtime_error("no such certificate"); };
  rehearsal.ask();
  rehearsal.run(1);
  EXPECT_EQ(rehearsal.settled, 0);
  rehearsal.when_put = [] {};
  rehearsal.ask();
  rehearsal.run(2);
  EXPECT_EQ(rehearsal.answers, (std::vector{false, true}));
  EXPECT_EQ(rehearsal.why, "");
}

TEST(Reload, AnswersEverybodyWhenItIsAbandoned) {
  Rehearsal rehearsal;
  rehearsal.ask();
  rehearsal.ask();
  rehearsal.reload.abandon();
  rehearsal.ask();
  EXPECT_EQ(rehearsal.answers, std::vector(3, false));
}

}  // namespace
}  // namespace zegel
