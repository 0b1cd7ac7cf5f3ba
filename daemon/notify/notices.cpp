#include "core/text.h"
#include "notify/letter.h"

namespace zegel::notify {

namespace {

constexpr Words password_subject{"Wachtwoord voor uw bericht aan {recipient}",
                                 "Password for your message to {recipient}",
                                 "Passwort für Ihre Nachricht an {recipient}"};
constexpr Words password_text{
    "Uw bericht aan {recipient} is beveiligd verstuurd: in een zipbestand met een wachtwoord.\n"
    "Het wachtwoord is:\n\n    {password}\n\n"
    "Bel de ontvanger en geef het wachtwoord door. U kunt bijvoorbeeld zeggen:\n\n"
    "    \"U hebt een e-mail van mij met een zipbestand. Het wachtwoord bestaat uit {count} woorden,\n"
    "    in kleine letters, met streepjes ertussen en zonder spaties:\n"
    "    {spoken}.\"\n\n"
    "Mail het wachtwoord niet: wie het bericht in handen krijgt, heeft dan ook het wachtwoord.\n\n"
    "Was het bericht voor iemand anders bedoeld? Geef het wachtwoord dan niet door: zonder\n"
    "wachtwoord blijft het zipbestand gesloten.\n\n"
    "Het wachtwoord geldt alleen voor dit ene bericht. Verwijder deze mail als u het hebt doorgegeven.\n",
    "Your message to {recipient} was sent protected: in a zip file with a password.\n"
    "The password is:\n\n    {password}\n\n"
    "Please call the recipient and pass the password on. You could say:\n\n"
    "    \"You have an e-mail from me with a zip file. The password is {count} words,\n"
    "    in lower case, with hyphens between them and no spaces:\n"
    "    {spoken}.\"\n\n"
    "Do not e-mail the password: whoever gets hold of the message would then have the password too.\n\n"
    "Was the message meant for someone else? Then keep the password to yourself: without it the\n"
    "zip file stays locked.\n\n"
    "The password is for this one message only. Delete this e-mail once you have passed it on.\n",
    "Ihre Nachricht an {recipient} wurde geschützt versendet: in einer ZIP-Datei mit Passwort.\n"
    "Das Passwort lautet:\n\n    {password}\n\n"
    "Bitte rufen Sie den Empfänger an und geben Sie das Passwort durch. Sie können zum Beispiel sagen:\n\n"
    "    „Sie haben eine E-Mail von mir mit einer ZIP-Datei. Das Passwort besteht aus {count} Wörtern,\n"
    "    alles kleingeschrieben, mit Bindestrichen dazwischen und ohne Leerzeichen:\n"
    "    {spoken}.“\n\n"
    "Senden Sie das Passwort nicht per E-Mail: Wer die Nachricht abfängt, hätte sonst auch das Passwort.\n\n"
    "War die Nachricht für jemand anderen bestimmt? Dann geben Sie das Passwort nicht weiter: Ohne\n"
    "Passwort bleibt die ZIP-Datei verschlossen.\n\n"
    "Das Passwort gilt nur für diese eine Nachricht. Löschen Sie diese E-Mail, sobald Sie es\n"
    "weitergegeben haben.\n"};

constexpr Words agreed_subject{"Het wachtwoord met {whom} verloopt binnenkort", "The password with {whom} expires soon",
                               "Das Passwort mit {whom} läuft bald ab"};
constexpr Words agreed_text{
    "Het wachtwoord dat met {whom} is afgesproken, kan tot {until} worden gebruikt.\n"
    "Daarna gaat er niets meer met dit wachtwoord de deur uit.\n\n"
    "Vraag uw beheerder op tijd om een nieuw wachtwoord (zegel password new {whom})\n"
    "en geef het telefonisch door. Mail het niet.\n",
    "The password agreed with {whom} can be used until {until}.\n"
    "After that, nothing more will be sent with it.\n\n"
    "Ask your administrator for a new one in good time (zegel password new {whom})\n"
    "and pass it on by phone. Do not e-mail it.\n",
    "Das mit {whom} vereinbarte Passwort kann bis {until} verwendet werden.\n"
    "Danach wird damit nichts mehr versendet.\n\n"
    "Bitten Sie Ihre IT-Abteilung rechtzeitig um ein neues (zegel password new {whom})\n"
    "und geben Sie es telefonisch weiter. Senden Sie es nicht per E-Mail.\n"};

struct HeldWords {
  Words subject;
  Words text;  ///< {recipient}, {expires}
};

HeldWords words_for(HeldEvent event) {
  switch (event) {
    case HeldEvent::held:
      return {{"Nog niet verstuurd: uw bericht aan {recipient}", "Not sent yet: your message to {recipient}",
               "Noch nicht versendet: Ihre Nachricht an {recipient}"},
              {"Uw bericht aan {recipient} is nog NIET verstuurd. Het wacht op een beslissing van uw beheerder,\n"
               "tot uiterlijk {expires}. Daarna vervalt het.\n",
               "Your message to {recipient} has NOT been sent yet. It is waiting for a decision of your\n"
               "administrator, until {expires} at the latest. After that it expires.\n",
               "Ihre Nachricht an {recipient} wurde noch NICHT versendet. Sie wartet auf eine Entscheidung Ihrer\n"
               "IT-Abteilung, längstens bis {expires}. Danach verfällt sie.\n"}};
    case HeldEvent::released:
      return {{"Vrijgegeven: uw bericht aan {recipient}", "Released: your message to {recipient}",
               "Freigegeben: Ihre Nachricht an {recipient}"},
              {"Uw bericht aan {recipient} is vrijgegeven en wordt nu verstuurd.\n",
               "Your message to {recipient} was released and is now being sent.\n",
               "Ihre Nachricht an {recipient} wurde freigegeben und wird jetzt versendet.\n"}};
    case HeldEvent::refused:
      return {{"Niet verstuurd: uw bericht aan {recipient}", "Not sent: your message to {recipient}",
               "Nicht versendet: Ihre Nachricht an {recipient}"},
              {"Uw bericht aan {recipient} is NIET verstuurd: uw beheerder heeft het geweigerd.\n"
               "Het is verwijderd.\n",
               "Your message to {recipient} was NOT sent: your administrator refused it.\n"
               "It has been deleted.\n",
               "Ihre Nachricht an {recipient} wurde NICHT versendet: Ihre IT-Abteilung hat sie abgelehnt.\n"
               "Sie wurde gelöscht.\n"}};
    case HeldEvent::expired:
      return {{"Niet verstuurd: uw bericht aan {recipient}", "Not sent: your message to {recipient}",
               "Nicht versendet: Ihre Nachricht an {recipient}"},
              {"Uw bericht aan {recipient} is NIET verstuurd: er is niet op tijd over beslist.\n"
               "Het is verwijderd. Verstuur het zo nodig opnieuw.\n",
               "Your message to {recipient} was NOT sent: no decision was taken in time.\n"
               "It has been deleted. Please send it again if it is still needed.\n",
               "Ihre Nachricht an {recipient} wurde NICHT versendet: Es wurde nicht rechtzeitig darüber entschieden.\n"
               "Sie wurde gelöscht. Bitte senden Sie sie bei Bedarf erneut.\n"}};
  }
  return {};
}

constexpr Words reason{"\nReden: {why}\n", "\nReason: {why}\n", "\nGrund: {why}\n"};
constexpr Words meant{"\nHet adres lijkt sterk op {suggestion}. Bedoelde u dat?\n",
                      "\nThe address closely resembles {suggestion}. Did you mean that?\n",
                      "\nDie Adresse ähnelt stark {suggestion}. Haben Sie diese gemeint?\n"};

constexpr Words doubt_subject{"Klopt het adres {recipient}?", "Is the address {recipient} right?",
                              "Stimmt die Adresse {recipient}?"};
constexpr Words doubt_text{
    "Uw bericht aan {recipient} is verstuurd, maar we twijfelen of het adres klopt.\n"
    "Is het bij de verkeerde terechtgekomen? Meld dat dan meteen bij uw beheerder: het kan een datalek zijn.\n",
    "Your message to {recipient} has been sent, but we doubt whether the address is right.\n"
    "If it went to the wrong person, tell your administrator at once: it may be a data breach.\n",
    "Ihre Nachricht an {recipient} wurde versendet, aber wir bezweifeln, dass die Adresse stimmt.\n"
    "Ging sie an die falsche Person? Melden Sie das sofort Ihrer IT-Abteilung: Es kann eine Datenpanne sein.\n"};

std::string why_or_suggestion(Language language, const std::string& why, const std::string& suggestion) {
  if (!suggestion.empty()) return fill(meant.in(language), {{"suggestion", suggestion}});
  if (!why.empty()) return fill(reason.in(language), {{"why", why}});
  return {};
}

}  // namespace

seal::Sealed password_notice(const Letterhead& head, const mail::Mailbox& recipient, const Secret& password) {
  const std::string address = recipient.address();
  const auto words = text::split(password.reveal(), '-');
  std::string spoken;
  for (const std::string_view word : words) spoken.append(spoken.empty() ? "" : ", ").append(word);
  std::string text = fill(password_text.in(head.language), {{"recipient", address},
                                                            {"password", std::string(password.reveal())},
                                                            {"count", std::to_string(words.size())},
                                                            {"spoken", spoken}});
  auto notice = letter(head, Occasion::generated, fill(password_subject.in(head.language), {{"recipient", address}}),
                       mail::Entity::text(text + "\n" + closing(head)));
  wipe(spoken.data(), spoken.size());
  wipe(text.data(), text.size());
  return notice;
}

seal::Sealed agreed_notice(const Letterhead& head, const std::string& whom, Time until) {
  const std::string text =
      fill(agreed_text.in(head.language), {{"whom", whom}, {"until", date_text(head.language, until)}});
  return letter(head, Occasion::generated, fill(agreed_subject.in(head.language), {{"whom", whom}}),
                mail::Entity::text(text + "\n" + closing(head)));
}

seal::Sealed held_notice(const Letterhead& head, HeldEvent event, const std::string& recipient, const std::string& why,
                         const std::string& suggestion, Time expires) {
  const HeldWords words = words_for(event);
  std::string text =
      fill(words.text.in(head.language), {{"recipient", recipient}, {"expires", date_text(head.language, expires)}});
  if (event != HeldEvent::released) text += why_or_suggestion(head.language, why, suggestion);
  return letter(head, Occasion::generated, fill(words.subject.in(head.language), {{"recipient", recipient}}),
                mail::Entity::text(text + "\n" + closing(head)));
}

seal::Sealed doubt_notice(const Letterhead& head, const mail::Mailbox& recipient, const std::string& why,
                          const std::string& suggestion) {
  const std::string address = recipient.address();
  const std::string text =
      fill(doubt_text.in(head.language), {{"recipient", address}}) + why_or_suggestion(head.language, why, suggestion);
  return letter(head, Occasion::generated, fill(doubt_subject.in(head.language), {{"recipient", address}}),
                mail::Entity::text(text + "\n" + closing(head)));
}

}  // namespace zegel::notify
