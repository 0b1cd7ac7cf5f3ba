#include <algorithm>

#include <gtest/gtest.h>

#include "smtp/session.h"
#include "smtp/smuggled_endings.h"

namespace zegel::smtp {
namespace {

struct Transcript {
  std::string said;  ///< by the server
  std::vector<std::string> messages;
  friend bool operator==(const Transcript&, const Transcript&) = default;
};

/// A whole dialogue with everybody welcome; the octets come in as they are cut.
class Conversation {
 public:
  Conversation() {
    auto terms = std::make_shared<Terms>();
    terms->hostname = "mail.kantoor.nl";
    session_ = std::make_unique<Session>(std::move(terms), false);
  }

  void hear(std::string_view piece) {
    input_ += piece;
    for (Step step = Step::sender; step != Step::read && step != Step::close;) {
      std::string_view left = input_;
      step = session_->next(left);
      input_.erase(0, input_.size() - left.size());
      carry_out(step);
      out_.said += session_->take_output();
    }
  }
  [[nodiscard]] const Transcript& transcript() const { return out_; }

 private:
  void carry_out(Step step) {
    if (step == Step::begin_message) {
      session_->begin_message("");
    } else if (step == Step::deliver) {
      out_.messages.push_back(session_->take_message());
      session_->answer({250, "2.0.0", "queued"});
    } else if (step == Step::refuse) {
      session_->answer(session_->refusal());
    } else if (step == Step::sender || step == Step::recipient) {
      session_->answer(nullptr);
    }
  }

  std::unique_ptr<Session> session_;
  std::string input_;
  Transcript out_;
};

Transcript in_two(std::string_view octets, std::size_t cut) {
  Conversation conversation;
  conversation.hear(octets.substr(0, cut));
  conversation.hear(octets.substr(cut));
  return conversation.transcript();
}

Transcript octet_by_octet(std::string_view octets) {
  Conversation conversation;
  for (; !octets.empty(); octets.remove_prefix(1)) conversation.hear(octets.substr(0, 1));
  return conversation.transcript();
}

const std::string before = "HELO pc\r\nMAIL FROM:<piet@kantoor.nl>\r\nRCPT TO:<jan@x.nl>\r\nDATA\r\n";
const std::string smuggled = "MAIL FROM:<eve@kantoor.nl>\r\nRCPT TO:<victim@x.nl>\r\nDATA\r\nSubject: two\r\n\r\nbody";
const std::string after = "\r\n.\r\nRCPT TO:<jan@x.nl>\r\nQUIT\r\n";

/// Message and commands in one flow, as a relay sends them that believes the ending to be an ordinary line.
TEST(Smuggling, OneMessageIsRefusedAndNoSecondOneIsThereHoweverItIsCut) {
  for (const Ending& ending : smuggled_endings()) {
    const std::string octets = before + "Subject: one\r\n\r\nbody" + ending.bytes + smuggled + after;
    const Transcript whole = in_two(octets, octets.size());
    EXPECT_EQ(whole.messages.size(), 0u) << ending.name;
    const std::size_t verdict = whole.said.find("\r\n354 ");
    ASSERT_NE(verdict, std::string::npos) << ending.name;
    const std::string said = whole.said.substr(whole.said.find("\r\n", verdict + 2) + 2);
    EXPECT_TRUE(said.starts_with("554 5.6.0 ")) << ending.name << ": " << said;
    EXPECT_TRUE(said.substr(said.find('\n') + 1).starts_with("503 5.5.1 need MAIL first\r\n221 "))
        << ending.name << ": no transaction is left: " << said;
    for (std::size_t cut = 1; cut < octets.size(); ++cut)
      EXPECT_EQ(in_two(octets, cut), whole) << ending.name << ", cut at " << cut;
    EXPECT_EQ(octet_by_octet(octets), whole) << ending.name;
  }
}

TEST(Smuggling, NoneOfThemEndsTheMessageWhenNothingFollows) {
  for (const Ending& ending : smuggled_endings()) {
    const Transcript open = in_two(before + "Subject: one\r\n\r\nbody" + ending.bytes, 20);
    EXPECT_EQ(open.messages.size(), 0u) << ending.name;
    EXPECT_TRUE(open.said.ends_with("354 end with <CRLF>.<CRLF>\r\n")) << ending.name << ": " << open.said;
  }
}

TEST(Smuggling, ADotThatIsStuffedIsTextAndTheRealEndIsTheEnd) {
  const std::string octets = before + "Subject: one\r\n\r\n..\r\n" + smuggled + after;
  const Transcript whole = in_two(octets, octets.size());
  ASSERT_EQ(whole.messages.size(), 1u);
  EXPECT_EQ(whole.messages.front(), "Subject: one\r\n\r\n.\r\n" + smuggled + "\r\n");
  for (std::size_t cut = 1; cut < octets.size(); ++cut) EXPECT_EQ(in_two(octets, cut), whole) << cut;
}

}  // namespace
}  // namespace zegel::smtp
