#include "smtp/session.h"

#include <gtest/gtest.h>

namespace zegel::smtp {
namespace {

std::shared_ptr<Terms> terms() {
  auto all = std::make_shared<Terms>();
  all->hostname = "mail.kantoor.nl";
  all->tls = all->auth = true;
  return all;
}

/// Brings a session to the point where a message may come in.
void up_to_data(Session& session) {
  std::string_view input =
      "EHLO pc\r\nMAIL FROM:<a@kantoor.nl> SIZE=4 ENVID=x+2By\r\nRCPT TO:<b@x.nl> NOTIFY=NEVER\r\nDATA\r\n";
  ASSERT_EQ(session.next(input), Step::sender);
  session.answer(nullptr);
  ASSERT_EQ(session.next(input), Step::recipient);
  session.answer(nullptr);
  ASSERT_EQ(session.next(input), Step::begin_message);
}

TEST(Session, HandsOverEnvelopeAndMessageWithTheHeadBeforeIt) {
  Session session(terms(), false);
  up_to_data(session);
  EXPECT_EQ(session.declared_size(), 4u);
  session.begin_message("Received: us\r\n");
  std::string_view input = "a: b\r\n.\r\nNOOP\r\n";
  ASSERT_EQ(session.next(input), Step::deliver);
  const mail::Envelope envelope = session.take_envelope();
  EXPECT_EQ(envelope.from_address(), "a@kantoor.nl");
  EXPECT_EQ(envelope.envelope_id, "x+y");
  ASSERT_EQ(envelope.to.size(), 1u);
  EXPECT_TRUE(envelope.to[0].notify.never);
  EXPECT_EQ(session.take_message(), "Received: us\r\na: b\r\n");
  EXPECT_EQ(input, "NOOP\r\n") << "nothing is read before the verdict";
}

TEST(Session, WaitsForEachAnswerBeforeItReadsOn) {
  Session session(terms(), false);
  std::string_view input = "EHLO pc\r\nMAIL FROM:<a@kantoor.nl>\r\nRSET\r\n";
  ASSERT_EQ(session.next(input), Step::sender);
  EXPECT_EQ(session.next(input), Step::sender);
  EXPECT_EQ(input, "RSET\r\n");
}

TEST(Session, KeepsNothingOfADiscardedMessage) {
  Session session(terms(), false);
  up_to_data(session);
  session.begin_message("");
  std::string_view input = "some text\r\n";
  ASSERT_EQ(session.next(input), Step::read);
  session.discard_message({452, "4.3.1", "full"});
  const std::string more(100'000, 'x');
  input = more;
  ASSERT_EQ(session.next(input), Step::read);
  EXPECT_LT(session.message_memory(), 64u);
  (void)session.take_output();
  input = "\r\n.\r\n";
  ASSERT_EQ(session.next(input), Step::read);
  EXPECT_EQ(session.take_output(), "554 5.6.0 line over 998 octets in the message\r\n");
}

TEST(Session, AnswersADiscardedMessageAtItsEnd) {
  Session session(terms(), false);
  up_to_data(session);
  session.begin_message("");
  session.discard_message({452, "4.3.1", "full"});
  (void)session.take_output();
  std::string_view input = "text\r\n.\r\nRCPT TO:<b@x.nl>\r\n";
  ASSERT_EQ(session.next(input), Step::read);
  EXPECT_EQ(session.take_output(), "452 4.3.1 full\r\n503 5.5.1 need MAIL first\r\n");
}

TEST(Session, LeavesNoTransactionWhenNoMessageMayCome) {
  Session session(terms(), false);
  up_to_data(session);
  (void)session.take_output();
  session.answer({452, "4.3.1", "full"});
  std::string_view input = "RCPT TO:<b@x.nl>\r\n";
  ASSERT_EQ(session.next(input), Step::read);
  EXPECT_EQ(session.take_output(), "452 4.3.1 full\r\n503 5.5.1 need MAIL first\r\n");
}

TEST(Session, ForgetsEverythingAtStartTls) {
  Session session(terms(), false);
  std::string_view input = "EHLO pc\r\nSTARTTLS\r\n";
  ASSERT_EQ(session.next(input), Step::start_tls);
  session.tls_started();
  (void)session.take_output();
  input = "MAIL FROM:<a@kantoor.nl>\r\n";
  ASSERT_EQ(session.next(input), Step::read);
  EXPECT_EQ(session.take_output(), "503 5.5.1 say EHLO first\r\n");
  EXPECT_EQ(session.helo(), "");
}

TEST(Session, BoundsWhatItKeepsOfALineWithoutEnd) {
  Session session(terms(), false);
  const std::string endless(1 << 20, 'x');
  std::string_view input = endless;
  ASSERT_EQ(session.next(input), Step::read);
  EXPECT_TRUE(input.empty()) << "it was taken, not left in the buffer";
  (void)session.take_output();
  input = "\r";
  ASSERT_EQ(session.next(input), Step::read);
  input = "\nNOOP\r\n";
  ASSERT_EQ(session.next(input), Step::read);
  EXPECT_EQ(session.take_output(), "500 5.5.2 line too long\r\n250 2.0.0 OK\r\n");
}

TEST(Session, KeepsTheRecipientOnceHoweverOftenItIsNamed) {
  Session session(terms(), false);
  std::string_view input = "EHLO pc\r\nMAIL FROM:<>\r\nRCPT TO:<b@x.nl>\r\nRCPT TO:<b@X.NL>\r\nDATA\r\n";
  for (Step step = session.next(input); step != Step::begin_message; step = session.next(input))
    session.answer(nullptr);
  EXPECT_FALSE(session.envelope().from);
  EXPECT_EQ(session.envelope().to.size(), 1u);
}

TEST(Session, HangsUpOnMistakesAndOnCommandsWithoutAMessage) {
  Session clumsy(terms(), false);
  std::string many;
  for (int i = 0; i < 30; ++i) many += "BLAH\r\n";
  std::string_view input = many;
  EXPECT_EQ(clumsy.next(input), Step::close);
  EXPECT_TRUE(clumsy.take_output().ends_with("421 4.7.0 mail.kantoor.nl too many errors\r\n"));

  Session idle(terms(), false);
  many.clear();
  for (int i = 0; i < 300; ++i) many += "NOOP\r\n";
  input = many;
  EXPECT_EQ(idle.next(input), Step::close);
  EXPECT_TRUE(idle.take_output().ends_with("421 4.7.0 mail.kantoor.nl too many commands without a message\r\n"));
}

}  // namespace
}  // namespace zegel::smtp
