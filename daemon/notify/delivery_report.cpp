#include <algorithm>

#include "core/base64.h"
#include "core/text.h"
#include "mail/header.h"
#include "notify/delivery_status.h"
#include "notify/letter.h"

namespace zegel::notify {

namespace {

using Action = ReportedRecipient::Action;

constexpr Words opening{"Dit is een automatisch bericht van {host}, dat de e-mail van uw kantoor verstuurt.\n",
                        "This is an automatic message from {host}, which sends your office's e-mail.\n",
                        "Dies ist eine automatische Nachricht von {host}, dem E-Mail-Gateway Ihres Büros.\n"};

struct Chapter {
  Action action;
  Words subject;  ///< {whom}: an address, or how many recipients
  Words before;   ///< the list of recipients; {sent}: when the original came in
  Words after;    ///< {until}
};

constexpr Chapter chapters[] = {
    {Action::failed,
     {"Niet bezorgd: uw bericht aan {whom}", "Not delivered: your message to {whom}",
      "Nicht zugestellt: Ihre Nachricht an {whom}"},
     {"Uw bericht van {sent} is NIET bezorgd bij:", "Your message of {sent} was NOT delivered to:",
      "Ihre Nachricht vom {sent} wurde NICHT zugestellt an:"},
     {"Er wordt geen nieuwe poging gedaan. Controleer het adres en verstuur uw bericht opnieuw,\n"
      "of neem op een andere manier contact op.\n",
      "No further attempt will be made. Please check the address and send your message again,\n"
      "or get in touch in another way.\n",
      "Es wird kein weiterer Versuch unternommen. Bitte prüfen Sie die Adresse und senden Sie Ihre\n"
      "Nachricht erneut, oder nehmen Sie auf anderem Weg Kontakt auf.\n"}},
    {Action::delayed,
     {"Vertraagd: uw bericht aan {whom}", "Delayed: your message to {whom}", "Verzögert: Ihre Nachricht an {whom}"},
     {"Uw bericht van {sent} is nog niet bezorgd bij:", "Your message of {sent} has not been delivered yet to:",
      "Ihre Nachricht vom {sent} wurde noch nicht zugestellt an:"},
     {"U hoeft niets te doen: er worden pogingen gedaan tot {until}.\nLukt het niet, dan krijgt u bericht.\n",
      "You need not do anything: delivery will be attempted until {until}.\nIf it fails, you will be told.\n",
      "Sie müssen nichts tun: Die Zustellung wird bis {until} weiter versucht.\n"
      "Gelingt sie nicht, werden Sie benachrichtigt.\n"}},
    {Action::relayed,
     {"Doorgestuurd: uw bericht aan {whom}", "Passed on: your message to {whom}",
      "Weitergeleitet: Ihre Nachricht an {whom}"},
     {"Uw bericht van {sent} is doorgestuurd voor:", "Your message of {sent} was passed on for:",
      "Ihre Nachricht vom {sent} wurde weitergeleitet für:"},
     {"De volgende mailserver meldt niet of een bericht is aangekomen; dit is dus de laatste melding.\n",
      "The next mail server does not report whether a message has arrived; so this is the last you will hear.\n",
      "Der nächste Mailserver meldet nicht, ob eine Nachricht angekommen ist; dies ist daher die letzte Meldung.\n"}},
    {Action::delivered,
     {"Bezorgd: uw bericht aan {whom}", "Delivered: your message to {whom}", "Zugestellt: Ihre Nachricht an {whom}"},
     {"Uw bericht van {sent} is bezorgd bij:", "Your message of {sent} was delivered to:",
      "Ihre Nachricht vom {sent} wurde zugestellt an:"},
     {"", "", ""}},
};

constexpr Words how_many{"{n} ontvangers", "{n} recipients", "{n} Empfänger"};
constexpr Words said_by{"Antwoord van {relay}: {reply}", "Reply of {relay}: {reply}", "Antwort von {relay}: {reply}"};
constexpr Words reason{"Reden: {reply}", "Reason: {reply}", "Grund: {reply}"};

std::vector<ReportedRecipient> those(const Report& report, Action action) {
  std::vector<ReportedRecipient> found;
  std::ranges::copy_if(report.recipients, std::back_inserter(found),
                       [action](const auto& about) { return about.action == action; });
  return found;
}

std::string whom(Language language, const std::vector<ReportedRecipient>& recipients) {
  if (recipients.size() == 1) return recipients.front().recipient.mailbox.address();
  return fill(how_many.in(language), {{"n", std::to_string(recipients.size())}});
}

std::string line_about(Language language, const ReportedRecipient& about) {
  std::string text = "    " + about.recipient.mailbox.address() + "\n";
  if (about.reply.empty()) return text;
  const Words& words = about.relay.empty() ? reason : said_by;
  return text + "        " + fill(words.in(language), {{"relay", about.relay}, {"reply", about.reply}}) + "\n";
}

std::string chapter_text(const Chapter& chapter, const Letterhead& head, const Report& report) {
  const auto recipients = those(report, chapter.action);
  if (recipients.empty()) return {};
  const Language language = head.language;
  std::string text = "\n" + fill(chapter.before.in(language), {{"sent", date_text(language, report.arrived)}}) + "\n\n";
  for (const auto& about : recipients) text += line_about(language, about);
  return text + "\n" + fill(chapter.after.in(language), {{"until", date_text(language, report.will_retry_until)}});
}

std::string subject_of(const Letterhead& head, const Report& report) {
  for (const auto& chapter : chapters) {
    const auto recipients = those(report, chapter.action);
    if (!recipients.empty()) {
      return fill(chapter.subject.in(head.language), {{"whom", whom(head.language, recipients)}});
    }
  }
  return "?";
}

std::string body_of(const Letterhead& head, const Report& report) {
  std::string text = fill(opening.in(head.language), {{"host", head.hostname}});
  for (const auto& chapter : chapters) text += chapter_text(chapter, head, report);
  return text + "\n" + closing(head);
}

/// What is known of the original. Beyond ASCII it is message/global-headers (RFC 6533 6.3).
mail::Entity original_headers(const std::string& fields) {
  if (text::is_ascii(fields)) return mail::Entity::leaf({{"Content-Type", "text/rfc822-headers"}}, fields);
  return mail::Entity::leaf({{"Content-Type", "message/global-headers"}, {"Content-Transfer-Encoding", "base64"}},
                            base64::encode_lines(fields));
}

std::string original_id(const std::string& fields) {
  const auto found = mail::find(fields, "Message-ID");
  return found.empty() ? std::string() : found.front().value();
}

}  // namespace

seal::Sealed delivery_report(const Letterhead& head, const Report& report) {
  std::vector<mail::Entity> parts;
  parts.push_back(mail::Entity::text(body_of(head, report)));
  parts.push_back(mail::Entity::leaf({{"Content-Type", "message/delivery-status"}}, delivery_status(head, report)));
  if (!report.original_fields.empty()) parts.push_back(original_headers(report.original_fields));
  const auto entity =
      mail::Entity::multipart("multipart/report", {{"report-type", "delivery-status"}}, std::move(parts));
  return letter(head, Occasion::replied, subject_of(head, report), entity, original_id(report.original_fields));
}

}  // namespace zegel::notify
