#include <algorithm>
#include <deque>

#include <gtest/gtest.h>

#include "dialog.h"
#include "fake_gatehouse.h"
#include "receive/budget.h"
#include "receive/doorstep.h"
#include "smtp/session.h"

namespace zegel::receive {
namespace {

/// Carries a session's steps out without a socket. What is said goes in cut into pieces of `piece` octets.
class InMemory : public Peer {
 public:
  InMemory(const Dialog& dialog, bool tls, std::size_t piece)
      : doorstep_(dialog.settings),
        budget_(dialog.settings->server.memory),
        session_(doorstep_.terms, tls),
        piece_(piece) {
    go_on();
  }

  void say(std::string_view octets) override {
    for (; !octets.empty() && !closed_ && !shaking_; octets.remove_prefix(std::min(piece_, octets.size()))) {
      input_ += octets.substr(0, piece_);
      go_on();
    }
  }

  std::string hear() override {
    if (heard_.empty()) return closed_ ? "<closed>" : "<silence>";
    const std::string line = heard_.front();
    heard_.pop_front();
    return line;
  }

  void shake_hands() override {
    ASSERT_TRUE(shaking_);
    shaking_ = false;
    input_.clear();  // as net::Stream does
    session_.tls_started();
    tls_ = true;
    go_on();
  }

  std::vector<std::string> delivered() override {
    std::vector<std::string> all;
    for (const auto& one : gatehouse_.delivered()) all.push_back(one.bytes);
    return all;
  }

 private:
  Client client() {
    return {.address = "127.0.0.1",
            .helo = session_.helo(),
            .tls = session_.tls() ? "TLSv1.3" : "",
            .user = session_.user(),
            .may_relay = doorstep_.trusted.contain("127.0.0.1") || !session_.user().empty(),
            .reference = "7K3QX9M2TB"};
  }

  void go_on() {
    while (carry_out()) {}
    std::string output = session_.take_output();
    for (std::size_t end; (end = output.find("\r\n")) != std::string::npos; output.erase(0, end + 2))
      heard_.push_back(output.substr(0, end));
    EXPECT_EQ(output, "") << "replies end in CRLF";
  }

  bool carry_out() {
    std::string_view input = input_;
    const smtp::Step step = session_.next(input);
    input_.erase(0, input_.size() - input.size());
    switch (step) {
      case smtp::Step::read:
        return false;
      case smtp::Step::sender:
        ask_sender();
        return true;
      case smtp::Step::recipient:
        ask_recipient();
        return true;
      case smtp::Step::begin_message:
        if (budget_.has_room(session_.declared_size() + 1))
          session_.begin_message("Received: from test\r\n");
        else
          refuse({452, "4.3.1", "too many messages in work, try again later"});
        return true;
      case smtp::Step::refuse:
        refuse(session_.refusal());
        return true;
      case smtp::Step::deliver:
        gatehouse_.message(client(), session_.take_envelope(), session_.take_message(),
                           [&](const smtp::Reply& reply) { session_.answer(reply); });
        return true;
      case smtp::Step::authenticate: {
        smtp::Credentials who = session_.take_credentials();
        const std::string name = who.name;
        gatehouse_.authenticate(client(), std::move(who),
                                [&](smtp::AuthVerdict verdict) { session_.authenticated(verdict, name); });
        return true;
      }
      case smtp::Step::start_tls:
        shaking_ = true;
        return false;
      case smtp::Step::close:
        closed_ = true;
        return false;
    }
    return false;
  }

  void refuse(smtp::Reply reply) {
    if (client().may_relay) reply.text += " [" + client().reference + "]";
    session_.answer(reply);
  }

  void ask_sender() {
    const auto refusal = gatehouse_.sender(client(), session_.envelope().from);
    if (refusal && !client().may_relay) session_.add_mistake();
    session_.answer(refusal.get());
  }

  void ask_recipient() {
    if (client().may_relay) {
      try {
        return session_.answer(gatehouse_.recipient(client(), session_.envelope().from, session_.candidate()).get());
      } catch (const std::exception&) {
        return session_.answer({451, "4.3.0", "something went wrong here, try again"});
      }
    }
    session_.add_mistake();
    session_.answer({554, "5.7.1", "<" + session_.candidate().mailbox.address() + ">: relaying is not for you"});
  }

  Doorstep doorstep_;
  Budget budget_;
  FakeGatehouse gatehouse_;
  smtp::Session session_;
  std::size_t piece_;
  std::string input_;
  std::deque<std::string> heard_;
  bool closed_ = false, shaking_ = false, tls_ = false;
};

class DialogInMemory : public testing::TestWithParam<std::string> {};

TEST_P(DialogInMemory, GoesAsWritten) {
  const Dialog dialog = read_dialog(GetParam());
  for (const std::size_t piece : {std::size_t{1} << 30, std::size_t{7}, std::size_t{1}}) {
    SCOPED_TRACE("in pieces of " + std::to_string(piece));
    if (dialog.in_clear) {
      InMemory peer(dialog, false, piece);
      perform(dialog, peer);
    }
    if (dialog.under_tls) {
      InMemory peer(dialog, true, piece);
      perform(dialog, peer);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(All, DialogInMemory, testing::ValuesIn(all_dialogs()), [](const auto& info) {
  std::string name = read_dialog(info.param).name;
  std::ranges::replace(name, '-', '_');
  return name;
});

TEST(DialogMatching, KnowsItsWildcard) {
  EXPECT_TRUE(matches("550 5.1.2 *", "550 5.1.2 <a>: no"));
  EXPECT_TRUE(matches("*a*b", "xxaxxb"));
  EXPECT_FALSE(matches("550 *", "250 OK"));
  EXPECT_FALSE(matches("250 OK", "250 OK!"));
}

}  // namespace
}  // namespace zegel::receive
