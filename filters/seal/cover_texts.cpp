#include "seal/cover.h"

/// The shipped words, by native habit rather than by translation. docs/recipients.md shows them as they arrive.
namespace zegel::seal {

namespace {

constexpr std::string_view nl_attachments =
    R"(De bijlagen bij dit bericht zijn met een wachtwoord beveiligd. U vindt ze in {zip}.
{if beside}Bestanden die al een eigen wachtwoord hadden, zijn los bijgevoegd.

Zo opent u het bestand:
- Windows: met 7-Zip. De Verkenner van Windows kan het niet openen.
- Mac: met Keka.
- Telefoon of tablet: met ZArchiver (Android) of iZip (iPhone, iPad).

Na het invoeren van het wachtwoord ziet u nog een zipbestand. Daarin staan de bijlagen; die opent u zonder wachtwoord. Het bestand {padding} kunt u negeren: het verbergt alleen hoe groot de bijlagen zijn.

Het wachtwoord krijgt u telefonisch of per sms, tenzij we er al een met u hebben afgesproken. We sturen het nooit per e-mail.

{if phone}Hebt u geen wachtwoord gekregen? Bel {phone} en noem kenmerk {reference}.
{if no phone}Hebt u geen wachtwoord gekregen? Bel de afzender en noem kenmerk {reference}.
)";

constexpr std::string_view nl_whole =
    R"(Dit bericht, met eventuele bijlagen, is met een wachtwoord beveiligd. U vindt het in {zip}.
{if sender}Het komt van {sender}.

Zo opent u het bestand:
- Windows: met 7-Zip. De Verkenner van Windows kan het niet openen.
- Mac: met Keka.
- Telefoon of tablet: met ZArchiver (Android) of iZip (iPhone, iPad).

Na het invoeren van het wachtwoord ziet u nog een zipbestand. Daarin staan het bericht en de bijlagen; die opent u zonder wachtwoord. Het bestand {padding} kunt u negeren: het verbergt alleen hoe groot het bericht is.

Het wachtwoord krijgt u telefonisch of per sms, tenzij we er al een met u hebben afgesproken. We sturen het nooit per e-mail.

{if phone}Hebt u geen wachtwoord gekregen? Bel {phone} en noem kenmerk {reference}.
{if no phone}Hebt u geen wachtwoord gekregen? Bel de afzender en noem kenmerk {reference}.
)";

constexpr std::string_view en_attachments =
    R"(The attachments to this message are protected with a password. You will find them in {zip}.
{if beside}Files that already had a password of their own are attached separately.

How to open the file:
- Windows: with 7-Zip. Windows Explorer cannot open it.
- Mac: with Keka.
- Phone or tablet: with ZArchiver (Android) or iZip (iPhone, iPad).

Once you have entered the password, you will see another zip file. The attachments are inside it and need no further password. You can ignore the file {padding}; it only hides how large the attachments are.

We will give you the password by phone or text message, unless we have already agreed on one. We never send it by e-mail.

{if phone}If you have not received a password, please call {phone} and quote reference {reference}.
{if no phone}If you have not received a password, please call the sender and quote reference {reference}.
)";

constexpr std::string_view en_whole =
    R"(This message, with any attachments, is protected with a password. You will find it in {zip}.
{if sender}It comes from {sender}.

How to open the file:
- Windows: with 7-Zip. Windows Explorer cannot open it.
- Mac: with Keka.
- Phone or tablet: with ZArchiver (Android) or iZip (iPhone, iPad).

Once you have entered the password, you will see another zip file. The message and its attachments are inside it and need no further password. You can ignore the file {padding}; it only hides how large the message is.

We will give you the password by phone or text message, unless we have already agreed on one. We never send it by e-mail.

{if phone}If you have not received a password, please call {phone} and quote reference {reference}.
{if no phone}If you have not received a password, please call the sender and quote reference {reference}.
)";

constexpr std::string_view de_attachments =
    R"(Die Anlagen zu dieser Nachricht sind mit einem Passwort geschützt. Sie finden sie in der Datei {zip}.
{if beside}Dateien, die bereits ein eigenes Passwort hatten, sind einzeln angehängt.

So öffnen Sie die Datei:
- Windows: mit 7-Zip. Der Windows-Explorer kann sie nicht öffnen.
- Mac: mit Keka.
- Handy oder Tablet: mit ZArchiver (Android) oder iZip (iPhone, iPad).

Nach Eingabe des Passworts sehen Sie eine weitere ZIP-Datei. Darin liegen die Anlagen; sie lassen sich ohne Passwort öffnen. Die Datei {padding} können Sie ignorieren: Sie verbirgt nur, wie groß die Anlagen sind.

Das Passwort erhalten Sie telefonisch oder per SMS, sofern wir nicht bereits eines mit Ihnen vereinbart haben. Wir verschicken es nie per E-Mail.

{if phone}Haben Sie kein Passwort erhalten? Rufen Sie uns unter {phone} an und nennen Sie die Referenz {reference}.
{if no phone}Haben Sie kein Passwort erhalten? Rufen Sie den Absender an und nennen Sie die Referenz {reference}.
)";

constexpr std::string_view de_whole =
    R"(Diese Nachricht ist samt etwaigen Anlagen mit einem Passwort geschützt. Sie finden sie in der Datei {zip}.
{if sender}Absender ist {sender}.

So öffnen Sie die Datei:
- Windows: mit 7-Zip. Der Windows-Explorer kann sie nicht öffnen.
- Mac: mit Keka.
- Handy oder Tablet: mit ZArchiver (Android) oder iZip (iPhone, iPad).

Nach Eingabe des Passworts sehen Sie eine weitere ZIP-Datei. Darin liegen die Nachricht und ihre Anlagen; sie lassen sich ohne Passwort öffnen. Die Datei {padding} können Sie ignorieren: Sie verbirgt nur, wie groß die Nachricht ist.

Das Passwort erhalten Sie telefonisch oder per SMS, sofern wir nicht bereits eines mit Ihnen vereinbart haben. Wir verschicken es nie per E-Mail.

{if phone}Haben Sie kein Passwort erhalten? Rufen Sie uns unter {phone} an und nennen Sie die Referenz {reference}.
{if no phone}Haben Sie kein Passwort erhalten? Rufen Sie den Absender an und nennen Sie die Referenz {reference}.
)";

constexpr std::string_view shipped_text(Language language, bool whole) {
  switch (language) {
    case Language::nl:
      return whole ? nl_whole : nl_attachments;
    case Language::de:
      return whole ? de_whole : de_attachments;
    case Language::en:
      break;
  }
  return whole ? en_whole : en_attachments;
}

/// Parsed once, when first asked for. `value()` throws on a text of ours that does not parse: every test would see it.
const CoverTemplate& shipped(Language language, bool whole) {
  static const auto parsed = [] {
    std::vector<CoverTemplate> all;
    for (const auto& word : words_of_language) {
      for (const bool each : {false, true}) all.push_back(CoverTemplate::parse(shipped_text(word.value, each)).value());
    }
    return all;
  }();
  return parsed[static_cast<std::size_t>(language) * 2 + (whole ? 1 : 0)];
}

}  // namespace

const CoverTemplate& cover_template(Language language, Method method) {
  return shipped(language, method == Method::zip);
}

const ZipWords& zip_words(Language language) {
  static constexpr ZipWords nl = {"bijlagen.zip", "bijlagen-inhoud.zip", "opvulling.bin", "bericht", "afbeelding"};
  static constexpr ZipWords en = {"attachments.zip", "attachments-content.zip", "padding.bin", "message", "image"};
  static constexpr ZipWords de = {"anlagen.zip", "anlagen-inhalt.zip", "fuellung.bin", "nachricht", "bild"};
  return language == Language::nl ? nl : language == Language::de ? de : en;
}

}  // namespace zegel::seal
