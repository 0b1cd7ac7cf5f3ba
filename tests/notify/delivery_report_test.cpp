#include <gtest/gtest.h>

#include "core/text.h"
#include "notify/delivery_status.h"
#include "notify/letter.h"
#include "notify/notify.h"

namespace zegel::notify {
namespace {

using Action = ReportedRecipient::Action;
using std::chrono::days;
using std::chrono::hours;

const Time noon{days(20'000) + hours(12)};

Letterhead head(Language language = Language::nl) {
  return {.hostname = "zegel.kantoor.nl",
          .language = language,
          .phone = "020-1234567",
          .now = noon,
          .reference = "7K3QX9M2TB",
          .to = {"piet", "kantoor.nl"}};
}

ReportedRecipient about(Action action, const std::string& local = "jan") {
  return {.recipient = {.mailbox = {local, "x.nl"}},
          .action = action,
          .status = "5.1.1",
          .reply = "550 5.1.1 no such user",
          .relay = "mx.x.nl"};
}

Report report(std::vector<ReportedRecipient> recipients) {
  return {.recipients = std::move(recipients),
          .envelope_id = "env-1",
          .arrived = noon - hours(1),
          .will_retry_until = noon + days(5),
          .original_fields = "From: <piet@kantoor.nl>\r\nTo: <jan@x.nl>\r\nMessage-ID: <1@kantoor.nl>\r\n"};
}

std::string composed(const Letterhead& letterhead, const Report& what) {
  return std::string(delivery_report(letterhead, what).bytes());
}

TEST(DeliveryReport, IsAMultipartReportOfThreeParts) {
  const std::string mail = composed(head(), report({about(Action::failed)}));
  EXPECT_TRUE(mail.contains("Content-Type: multipart/report; report-type=\"delivery-status\";")) << mail;
  EXPECT_TRUE(mail.contains("\r\nContent-Type: text/plain;"));
  EXPECT_TRUE(mail.contains("\r\nContent-Type: message/delivery-status\r\n"));
  EXPECT_TRUE(mail.contains("\r\nContent-Type: text/rfc822-headers\r\n"));
}

TEST(DeliveryReport, SaysThatItIsAnAutomaticAnswer) {
  const std::string mail = composed(head(), report({about(Action::failed)}));
  EXPECT_TRUE(mail.contains("\r\nAuto-Submitted: auto-replied\r\n"));
  EXPECT_TRUE(mail.contains("MAILER-DAEMON@zegel.kantoor.nl>\r\n"));
  EXPECT_TRUE(mail.contains("\r\nIn-Reply-To: <1@kantoor.nl>\r\n"));
  EXPECT_TRUE(mail.contains("@zegel.kantoor.nl>\r\n"));
}

TEST(DeliveryReport, GivesTheStatusFieldsInOrder) {
  EXPECT_EQ(delivery_status(head(), report({about(Action::failed)})),
            "Reporting-MTA: dns; zegel.kantoor.nl\r\n"
            "Original-Envelope-Id: env-1\r\n"
            "Arrival-Date: Fri, 4 Oct 2024 11:00:00 +0000\r\n"
            "\r\n"
            "Final-Recipient: rfc822; jan@x.nl\r\n"
            "Action: failed\r\n"
            "Status: 5.1.1\r\n"
            "Remote-MTA: dns; mx.x.nl\r\n"
            "Diagnostic-Code: smtp; 550 5.1.1 no such user\r\n"
            "Last-Attempt-Date: Fri, 4 Oct 2024 12:00:00 +0000\r\n");
}

TEST(DeliveryReport, SaysUntilWhenADelayedMessageIsTried) {
  EXPECT_TRUE(delivery_status(head(), report({about(Action::delayed)})).contains("\r\nWill-Retry-Until: "));
  EXPECT_FALSE(delivery_status(head(), report({about(Action::failed)})).contains("Will-Retry-Until"));
}

TEST(DeliveryReport, TellsOurOwnWordsFromAReply) {
  auto ours = about(Action::failed);
  ours.reply = "connection lost";
  EXPECT_TRUE(delivery_status(head(), report({ours})).contains("Diagnostic-Code: X-Zegel; connection lost\r\n"));
}

TEST(DeliveryReport, KeepsForeignTextFromBecomingFields) {
  auto nasty = about(Action::failed);
  nasty.reply = "550 no\r\nBcc: victim@example.org\r\n\r\n--boundary";
  nasty.relay = "mx\r\nX: y";
  nasty.recipient.original = "rfc822;a\r\nStatus: 2.0.0";
  const std::string status = delivery_status(head(), report({nasty}));
  EXPECT_FALSE(status.contains("\r\nBcc")) << status;
  EXPECT_FALSE(status.contains("\r\nX: y"));
  EXPECT_FALSE(status.contains("\r\nStatus: 2"));
  EXPECT_FALSE(composed(head(), report({nasty})).contains("\r\nBcc"));
}

TEST(DeliveryReport, WritesInternationalAddressesInAscii) {
  EXPECT_EQ(typed_address("jan@x.nl"), "rfc822; jan@x.nl");
  EXPECT_EQ(typed_address("jos\xC3\xA9@x.nl"), "utf-8; jos\\x{E9}@x.nl");
  EXPECT_EQ(typed_address("\xF0\x9F\x98\x80@x.nl"), "utf-8; \\x{1F600}@x.nl");
  EXPECT_EQ(typed_address("\xFF@x.nl"), "rfc822; ?@x.nl");
}

TEST(DeliveryReport, IsSevenBitWithShortLinesInEveryLanguage) {
  for (const auto language : {Language::nl, Language::en, Language::de}) {
    auto utf8 = report({about(Action::failed, "jos\xC3\xA9"), about(Action::delayed), about(Action::relayed)});
    utf8.original_fields += "To: \xC3\xA9 <jos\xC3\xA9@x.nl>\r\n";
    const std::string mail = composed(head(language), utf8);
    EXPECT_TRUE(text::is_ascii(mail));
    for (const auto line : text::split(mail, '\n')) {
      EXPECT_LE(line.size(), 999U);
      EXPECT_TRUE(line.empty() || line.ends_with('\r')) << line;
    }
  }
}

TEST(DeliveryReport, SpeaksTheSendersLanguage) {
  const auto subject = [](Language language, Report what) { return composed(head(language), what); };
  EXPECT_TRUE(subject(Language::nl, report({about(Action::failed)}))
                  .contains("Subject: Niet bezorgd: uw bericht aan jan@x.nl\r\n"));
  EXPECT_TRUE(subject(Language::en, report({about(Action::delayed)}))
                  .contains("Subject: Delayed: your message to jan@x.nl\r\n"));
  EXPECT_TRUE(subject(Language::de, report({about(Action::failed)})).contains("Nicht zugestellt"));
}

TEST(DeliveryReport, ComesFromANameWithADot) {
  auto letterhead = head();
  letterhead.hostname = "gateway";
  EXPECT_TRUE(composed(letterhead, report({about(Action::failed)})).contains("MAILER-DAEMON@gateway.kantoor.nl>"));
}

}  // namespace
}  // namespace zegel::notify
