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
  ASSERT_EQ(session.next(input), Step::refuse);
  EXPECT_EQ(session.refusal().text, "line over 998 octets in the message");
}

TEST(Session, AnswersADiscardedMessageAtItsEnd) {
  Session session(terms(), false);
  up_to_data(session);
  session.begin_message("");
  session.discard_message({452, "4.3.1", "full"});
  (void)session.take_output();
  std::string_view input = "text\r\n.\r\nRCPT TO:<b@x.nl>\r\n";
  ASSERT_EQ(session.next(input), Step::refuse);
  EXPECT_EQ(session.envelope().from_address(), "a@kantoor.nl") << "whose message it was";
  session.answer(session.refusal());
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

/// Everybody is welcome and every message is taken. Whether the session goes on.
bool goes_on(Session& session, std::string_view input) {
  for (;;) {
    const Step step = session.next(input);
    if (step == Step::read || step == Step::close) return step == Step::read;
    if (step == Step::begin_message) {
      session.begin_message("");
    } else if (step == Step::deliver) {
      session.answer({250, "2.0.0", "queued"});
    } else {
      session.answer(nullptr);
    }
  }
}

TEST(Session, LetsAClientNameManyMoreRecipientsThanAreTakenAndSendTheMessage) {
  Session session(terms(), false);
  std::string many = "EHLO pc\r\nMAIL FROM:<a@kantoor.nl>\r\n";
  for (int i = 0; i < 1'000; ++i) many += "RCPT TO:<b" + std::to_string(i) + "@x.nl>\r\n";
  ASSERT_TRUE(goes_on(session, many));
  EXPECT_TRUE(session.take_output().ends_with("452 4.5.3 too many recipients\r\n"));
  EXPECT_EQ(session.envelope().to.size(), 100u);
  EXPECT_TRUE(goes_on(session, "DATA\r\na: b\r\n.\r\n"));
  EXPECT_TRUE(session.take_output().ends_with("250 2.0.0 queued\r\n"));
}

TEST(Session, HangsUpOnAFloodOfRecipients) {
  Session session(terms(), false);
  std::string many = "EHLO pc\r\nMAIL FROM:<a@kantoor.nl>\r\n";
  for (int i = 0; i < 2'000; ++i) many += "RCPT TO:<b@x.nl>\r\n";
  EXPECT_FALSE(goes_on(session, many));
  EXPECT_TRUE(session.take_output().ends_with("421 4.7.0 mail.kantoor.nl too many commands without a message\r\n"));
}

TEST(Session, ForgivesMistakesOnceAMessageIsTaken) {
  Session session(terms(), false);
  std::string mistakes;
  for (int i = 0; i < 15; ++i) mistakes += "BLAH\r\n";
  const std::string message = "MAIL FROM:<a@kantoor.nl>\r\nRCPT TO:<b@x.nl>\r\nDATA\r\na: b\r\n.\r\n";
  EXPECT_TRUE(goes_on(session, "EHLO pc\r\n" + mistakes + message + mistakes + message + mistakes));
  EXPECT_FALSE(goes_on(session, mistakes));
}

TEST(Session, BlamesNobodyForPasswordsThatCannotBeChecked) {
  Session session(terms(), true);
  for (int i = 0; i < 10; ++i) {
    std::string_view input = "EHLO pc\r\nAUTH PLAIN AHBpZXQAZ2VoZWlt\r\n";
    ASSERT_EQ(session.next(input), Step::authenticate);
    session.authenticated(AuthVerdict::unavailable, "piet");
    EXPECT_TRUE(session.take_output().ends_with("454 4.7.0 passwords cannot be checked just now, try again later\r\n"));
  }
  EXPECT_EQ(session.user(), "");
}

TEST(Session, HangsUpOnTheFourthWrongPassword) {
  Session session(terms(), true);
  std::string_view hello = "EHLO pc\r\n";
  ASSERT_EQ(session.next(hello), Step::read);
  for (int i = 1; i <= 4; ++i) {
    std::string_view input = "AUTH PLAIN AHBpZXQAZ2VoZWlt\r\n";
    ASSERT_EQ(session.next(input), Step::authenticate);
    session.authenticated(AuthVerdict::rejected, "piet");
    EXPECT_EQ(session.next(input), i < 4 ? Step::read : Step::close);
  }
  EXPECT_TRUE(
      session.take_output().ends_with("535 5.7.8 name or password wrong\r\n"
                                      "421 4.7.0 mail.kantoor.nl too many errors\r\n"));
}

}  // namespace
}  // namespace zegel::smtp
