#include <gtest/gtest.h>

#include "smtp/session.h"

namespace zegel::smtp {
namespace {

/// Brings a session along a few commands, everybody welcome, and gives the code of the last reply.
std::string last_code(bool tls, std::string_view octets) {
  auto terms = std::make_shared<Terms>();
  terms->hostname = "h";
  terms->tls = terms->auth = true;
  Session session(terms, tls);
  std::string said;
  for (Step step = Step::sender; step != Step::read && step != Step::close && step != Step::start_tls;) {
    step = session.next(octets);
    if (step == Step::begin_message)
      session.begin_message("");
    else if (step == Step::deliver)
      session.answer({250, "2.0.0", "queued"});
    else if (step == Step::authenticate)
      session.authenticated(AuthVerdict::accepted, "piet");
    else if (step == Step::sender || step == Step::recipient)
      session.answer(nullptr);
    said += session.take_output();
  }
  const std::size_t end = said.rfind("\r\n", said.size() - 3);
  return said.substr(end == std::string::npos ? 0 : end + 2, 3);
}

const std::string hello = "EHLO pc\r\n";
const std::string mail = hello + "MAIL FROM:<piet@kantoor.nl>\r\n";
const std::string rcpt = mail + "RCPT TO:<jan@x.nl>\r\n";
const std::string done = rcpt + "DATA\r\nx: y\r\n.\r\n";

/// What each command is answered at each stage: before EHLO, after it, after MAIL, after RCPT, after a message.
struct Row {
  const char* command;
  const char* codes[5];
};

void expect_codes(bool tls, const std::vector<Row>& rows) {
  const std::string stages[] = {"", hello, mail, rcpt, done};
  for (const Row& row : rows) {
    for (int stage = 0; stage < 5; ++stage)
      EXPECT_EQ(last_code(tls, stages[stage] + row.command + "\r\n"), row.codes[stage])
          << row.command << (tls ? " under TLS" : "") << " at stage " << stage;
  }
}

TEST(Order, IsKeptByEveryCommandAtEveryStage) {
  const std::vector<Row> rows = {
      {"EHLO pc", {"250", "250", "250", "250", "250"}},
      {"HELO pc", {"250", "250", "250", "250", "250"}},
      {"MAIL FROM:<anna@kantoor.nl>", {"503", "250", "503", "503", "250"}},
      {"RCPT TO:<kees@x.nl>", {"503", "503", "250", "250", "503"}},
      {"DATA", {"503", "503", "503", "354", "503"}},
      {"RSET", {"250", "250", "250", "250", "250"}},
      {"NOOP", {"250", "250", "250", "250", "250"}},
      {"HELP", {"214", "214", "214", "214", "214"}},
      {"QUIT", {"221", "221", "221", "221", "221"}},
      {"VRFY jan", {"502", "502", "502", "502", "502"}},
      {"EXPN list", {"502", "502", "502", "502", "502"}},
      {"BDAT 0 LAST", {"502", "502", "502", "502", "502"}},
      {"TURN", {"500", "500", "500", "500", "500"}},
  };
  expect_codes(false, rows);
  expect_codes(true, rows);
}

TEST(Order, IsKeptByWhatDependsOnTls) {
  expect_codes(false, {{"STARTTLS", {"503", "220", "503", "503", "220"}},
                       {"AUTH PLAIN AHBpZXQAZ2VoZWlt", {"503", "538", "503", "503", "538"}}});
  expect_codes(true, {{"STARTTLS", {"503", "503", "503", "503", "503"}},
                      {"AUTH PLAIN AHBpZXQAZ2VoZWlt", {"503", "235", "503", "503", "235"}}});
}

TEST(Order, AnEhloOrRsetAmidATransactionEndsIt) {
  for (const char* command : {"EHLO pc", "HELO pc", "RSET", "BDAT 0"})
    EXPECT_EQ(last_code(false, rcpt + command + "\r\nDATA\r\n"), "503") << command;
}

TEST(Order, ACommandAmidAuthIsTakenForAnAnswer) {
  for (const char* command : {"QUIT", "MAIL FROM:<piet@kantoor.nl>", "RSET"}) {
    EXPECT_EQ(last_code(true, hello + "AUTH PLAIN\r\n" + command + "\r\n"), "501") << command;
    EXPECT_EQ(last_code(true, hello + "AUTH LOGIN\r\ncGlldA==\r\n" + command + "\r\nNOOP\r\n"), "250") << command;
  }
}

}  // namespace
}  // namespace zegel::smtp
