#include "cli/privacy.h"

#include <cstdio>
#include <vector>

#include "cli/commands.h"
#include "cli/exits.h"

namespace zegel::cli {

namespace {

/// One heading of the record with what belongs under it.
struct Chapter {
  std::string title;
  std::vector<std::string> lines;
};

std::string joined(const std::vector<std::string>& words) {
  std::string all;
  for (const std::string& word : words) all += (all.empty() ? "" : ", ") + word;
  return all;
}

std::string period(seconds duration, bool dutch) {
  struct Unit {
    long long size;
    std::string_view one_nl, more_nl, one_en, more_en;
  };
  static constexpr Unit units[] = {{86'400, "dag", "dagen", "day", "days"},
                                   {3'600, "uur", "uur", "hour", "hours"},
                                   {60, "minuut", "minuten", "minute", "minutes"}};
  for (const Unit& unit : units) {
    const long long number = duration.count() / unit.size;
    if (number == 0 || duration.count() % unit.size != 0) continue;
    const std::string_view word =
        number == 1 ? (dutch ? unit.one_nl : unit.one_en) : (dutch ? unit.more_nl : unit.more_en);
    return std::to_string(number) + " " + std::string(word);
  }
  return duration_text(duration);
}

/// Whoever sees data on the way.
std::vector<std::string> receivers(const config::Settings& s, bool dutch) {
  std::vector<std::string> hosts;
  for (const config::HostPort& host : s.delivery.relay) hosts.push_back(host.text());
  if (s.delivery.direct) hosts = {dutch ? "de mailservers van de ontvangers" : "the recipients' mail servers"};
  std::vector<std::string> all = {joined(hosts) +
                                  (dutch ? ", voor de verzegelde berichten." : ", for the sealed messages.")};
  if (!s.scan.clamd.empty()) {
    all.push_back(s.scan.clamd + (dutch ? ", de virusscanner, ziet elk bericht voordat het wordt verzegeld."
                                        : ", the malware scanner, sees each message before it is sealed."));
  }
  if (!s.zip.command.empty()) {
    all.push_back(s.zip.command + (dutch ? " krijgt adres en wachtwoord van wie een zipbestand ontvangt."
                                         : " is given address and password of who receives a zip."));
  }
  return all;
}

std::string log_line(const config::Settings& s, bool dutch) {
  switch (s.log.addresses) {
    case config::LogAddresses::full:
      return dutch ? "Het log noemt afzenders en ontvangers; hoe lang het blijft, bepaalt wie het log beheert."
                   : "The log names senders and recipients; whoever keeps the log decides how long.";
    case config::LogAddresses::domain:
      return dutch ? "Het log noemt alleen domeinen, geen personen." : "The log names domains only, no persons.";
    case config::LogAddresses::hash:
      return dutch ? "Het log bevat alleen hashes van adressen." : "The log holds hashes of addresses only.";
  }
  return {};
}

std::string methods(const config::Settings& settings) {
  std::vector<std::string> words;
  for (const Method method : settings.protect.methods) words.emplace_back(to_text(method));
  return joined(words);
}

std::vector<Chapter> record_en(const config::Settings& s) {
  return {
      {"Processing activity",
       {"Checking, encrypting and sending on the outgoing e-mail of " + joined(s.office.domains) + "."}},
      {"Purpose",
       {"To keep personal data in e-mail from reaching the wrong person or being read on the way (GDPR art. 5(1)(f), "
        "32)."}},
      {"Persons concerned", {"Staff who send mail; recipients; persons about whom the mail is."}},
      {"What is kept, and how long",
       {"Messages on their way: sealed and encrypted in the store, until delivered; at most " +
            period(s.delivery.give_up, false) + ".",
        "Messages held for a person to judge: encrypted, at most " + period(s.retention.held, false) + ".",
        "Passwords of zips: encrypted, " + period(s.retention.passwords, false) + ".",
        "Addresses that mail reached, with counts: " +
            (s.recipients.learn ? period(s.retention.learned, false) + " after the last mail."
                                : std::string("not kept (recipients.learn is off).")),
        "Who sent when to whom and how it was sealed (audit): " + period(s.retention.audit, false) + ".",
        "Confirmations asked for: a keyed hash only, " + period(s.recipients.confirm_window, false) + ".",
        "No subject, text or file name is kept in the audit or the log.", log_line(s, false)}},
      {"Receivers of the data", receivers(s, false)},
      {"Protection",
       {"Messages are sealed before they are stored: " + methods(s) + ".",
        "The store is encrypted with AES-256-GCM, a key for each message, destroyed on delivery.",
        "The line to the next hop: TLS " + std::string(to_text(s.delivery.tls)) + ".",
        "Automated judgement concerns only addresses; a person can always overrule it."}},
      {"Rights",
       {"`zegel forget ADDRESS` erases a person and says what was kept and why; `zegel trace` gives the facts."}},
  };
}

std::vector<Chapter> record_nl(const config::Settings& s) {
  return {
      {"Verwerking",
       {"Controleren, versleutelen en doorsturen van de uitgaande e-mail van " + joined(s.office.domains) + "."}},
      {"Doel",
       {"Voorkomen dat persoonsgegevens in e-mail bij de verkeerde persoon terechtkomen of onderweg worden gelezen "
        "(AVG art. 5 lid 1 "
        "onder f en art. 32)."}},
      {"Betrokkenen", {"Medewerkers die e-mail versturen; ontvangers; personen over wie de e-mail gaat."}},
      {"Wat wordt bewaard, en hoe lang",
       {"Berichten onderweg: verzegeld en versleuteld opgeslagen tot ze zijn afgeleverd, hooguit " +
            period(s.delivery.give_up, true) + ".",
        "Berichten die op een beoordeling wachten: versleuteld, hooguit " + period(s.retention.held, true) + ".",
        "Wachtwoorden van zipbestanden: versleuteld, " + period(s.retention.passwords, true) + ".",
        "Adressen waar e-mail is aangekomen, met aantallen: " +
            (s.recipients.learn ? period(s.retention.learned, true) + " na het laatste bericht."
                                : std::string("niet (recipients.learn staat uit).")),
        "Wie wanneer aan wie stuurde en hoe dat is beveiligd (audit): " + period(s.retention.audit, true) + ".",
        "Gevraagde bevestigingen: alleen als hash met sleutel, " + period(s.recipients.confirm_window, true) + ".",
        "Onderwerp, tekst en bestandsnamen komen niet in de audit en niet in het log.", log_line(s, true)}},
      {"Ontvangers van de gegevens", receivers(s, true)},
      {"Beveiliging",
       {"Berichten worden verzegeld voordat ze worden opgeslagen: " + methods(s) + ".",
        "De opslag is versleuteld met AES-256-GCM, met per bericht een sleutel die bij aflevering wordt vernietigd.",
        "De verbinding met de volgende mailserver: TLS " + std::string(to_text(s.delivery.tls)) + ".",
        "De automatische controle kijkt alleen naar adressen; een mens kan haar altijd terzijde schuiven."}},
      {"Rechten",
       {"`zegel forget ADRES` wist een persoon en meldt wat waarom is bewaard; `zegel trace` geeft de feiten."}},
  };
}

}  // namespace

std::string privacy_record(const config::Settings& settings, Language language) {
  const bool dutch = language == Language::nl;
  std::string text =
      dutch ? "# Register van verwerkingsactiviteiten: Zegel\n" : "# Record of processing activities: Zegel\n";
  for (const Chapter& chapter : dutch ? record_nl(settings) : record_en(settings)) {
    text += "\n## " + chapter.title + "\n\n";
    for (const std::string& line : chapter.lines) text += "* " + line + "\n";
  }
  return text;
}

std::string privacy_notice(const config::Settings& settings, Language language) {
  if (language == Language::nl) {
    return "Onze uitgaande e-mail wordt automatisch gecontroleerd op tikfouten in het adres en versleuteld of met een "
           "wachtwoord beveiligd "
           "voordat zij ons kantoor verlaat. Daarvoor bewaren wij het e-mailadres van ontvangers (tot " +
           period(settings.retention.learned, true) + " na het laatste bericht) en gegevens over de verzending (" +
           period(settings.retention.audit, true) +
           "). De inhoud van berichten bewaren wij hiervoor niet langer dan nodig is om ze af te leveren. U kunt ons "
           "vragen uw gegevens "
           "hieruit te wissen.\n";
  }
  return "Our outgoing e-mail is checked automatically for mistakes in the address, and encrypted or protected by a "
         "password before it "
         "leaves our office. For this we keep the e-mail address of recipients (until " +
         period(settings.retention.learned, false) + " after the last message) and facts about the sending (" +
         period(settings.retention.audit, false) +
         "). We do not keep the content of messages for this any longer than it takes to deliver them. You may ask us "
         "to erase your data "
         "from it.\n";
}

int privacy(const Session& session, const std::string& what, const std::string& language_word) {
  const auto settings = settings_of(session);
  if (!settings) return exit_config;
  const Language language = from_text<Language>(language_word).value_or(settings->office.language);
  const std::string text = what == "record" ? privacy_record(*settings, language) : privacy_notice(*settings, language);
  std::fputs(text.c_str(), stdout);
  return exit_ok;
}

}  // namespace zegel::cli
