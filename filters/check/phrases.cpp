#include "check/phrases.h"

#include <array>

namespace zegel::check {

namespace {

constexpr Sentences dutch = {
    .known = "{g} is bekend",
    .known_mails = "{g} is bekend: {n} mails in de laatste 90 dagen",
    .related = "{g} hoort bij {m}, en dat is bekend",
    .unknown = "{g} lijkt op niets wat bekend is",
    .near_miss = "{g} lijkt op {m}",
    .person = "{g} is niet bekend, maar lijkt op {m}",
    .mails = ", waar in de laatste 90 dagen {n} mails naartoe gingen",
    .one_mail = ", waar in de laatste 90 dagen één mail naartoe ging",
    .cost = "kosten",
    .allowed = "toegestaan",
};

constexpr Sentences english = {
    .known = "{g} is known",
    .known_mails = "{g} is known: {n} mails in the last 90 days",
    .related = "{g} belongs to {m}, which is known",
    .unknown = "{g} resembles nothing that is known",
    .near_miss = "{g} looks like {m}",
    .person = "{g} is not known, but looks like {m}",
    .mails = ", to which {n} mails went in the last 90 days",
    .one_mail = ", to which one mail went in the last 90 days",
    .cost = "cost",
    .allowed = "allowed",
};

constexpr Sentences german = {
    .known = "{g} ist bekannt",
    .known_mails = "{g} ist bekannt: {n} Mails in den letzten 90 Tagen",
    .related = "{g} gehört zu {m}, und das ist bekannt",
    .unknown = "{g} ähnelt nichts Bekanntem",
    .near_miss = "{g} ähnelt {m}",
    .person = "{g} ist nicht bekannt, ähnelt aber {m}",
    .mails = ", wohin in den letzten 90 Tagen {n} Mails gingen",
    .one_mail = ", wohin in den letzten 90 Tagen eine Mail ging",
    .cost = "Kosten",
    .allowed = "erlaubt",
};

struct Phrase {
  Kind kind;
  std::string_view nl, en, de;
};

constexpr auto phrases = std::to_array<Phrase>({
    {Kind::swap, "\"{g}\" in plaats van \"{m}\", omgewisseld", "\"{g}\" instead of \"{m}\", swapped",
     "\"{g}\" statt \"{m}\", vertauscht"},
    {Kind::doubled, "een \"{g}\" te veel", "one \"{g}\" too many", "ein \"{g}\" zu viel"},
    {Kind::undoubled, "een \"{m}\" te weinig", "one \"{m}\" too few", "ein \"{m}\" zu wenig"},
    {Kind::missing, "de \"{m}\" ontbreekt", "the \"{m}\" is missing", "das \"{m}\" fehlt"},
    {Kind::extra, "de \"{g}\" hoort er niet", "the \"{g}\" does not belong there", "das \"{g}\" gehört nicht hin"},
    {Kind::neighbour, "\"{g}\" in plaats van \"{m}\", de toets ernaast",
     "\"{g}\" instead of \"{m}\", the key beside it", "\"{g}\" statt \"{m}\", die Taste daneben"},
    {Kind::look_alike, "\"{g}\" lijkt sprekend op \"{m}\"", "\"{g}\" looks just like \"{m}\"",
     "\"{g}\" sieht aus wie \"{m}\""},
    {Kind::sounds_alike, "\"{g}\" in plaats van \"{m}\", het klinkt hetzelfde",
     "\"{g}\" instead of \"{m}\", which sounds the same", "\"{g}\" statt \"{m}\", es klingt gleich"},
    {Kind::other_letter, "\"{g}\" in plaats van \"{m}\"", "\"{g}\" instead of \"{m}\"", "\"{g}\" statt \"{m}\""},
    {Kind::punctuation, "een punt, komma of streepje te veel, te weinig of op de verkeerde plaats",
     "a dot, comma or hyphen too many, too few or in the wrong place",
     "ein Punkt, Komma oder Bindestrich zu viel, zu wenig oder an falscher Stelle"},
    {Kind::tld, "het eindigt op \".{g}\", niet op \".{m}\"", "it ends in \".{g}\", not in \".{m}\"",
     "es endet auf \".{g}\", nicht auf \".{m}\""},
    {Kind::www, "\"{g}\" hoort niet in een mailadres", "\"{g}\" does not belong in a mail address",
     "\"{g}\" gehört nicht in eine Mailadresse"},
    {Kind::lure, "\"{g}\" is eraan toegevoegd", "\"{g}\" was added to it", "\"{g}\" wurde angehängt"},
    {Kind::person, "misschien dezelfde persoon, anders geschreven", "perhaps the same person, written in another way",
     "vielleicht dieselbe Person, anders geschrieben"},
});

constexpr Phrase tail_added = {Kind::tld, "\".{g}\" staat erachter", "\".{g}\" follows it", "\".{g}\" steht dahinter"};
constexpr Phrase turned_round = {Kind::swap, "de delen zijn omgewisseld", "the parts are turned round",
                                 "die Teile sind vertauscht"};

std::string_view in(const Phrase& phrase, Language language) {
  return language == Language::nl ? phrase.nl : language == Language::de ? phrase.de : phrase.en;
}

}  // namespace

const Sentences& sentences(Language language) {
  return language == Language::nl ? dutch : language == Language::de ? german : english;
}

std::string_view phrase_for(const Difference& difference, Language language) {
  if (difference.kind == Kind::tld && difference.meant.empty()) return in(tail_added, language);
  if (difference.kind == Kind::swap && difference.given.empty()) return in(turned_round, language);
  for (const auto& phrase : phrases) {
    if (phrase.kind == difference.kind) return in(phrase, language);
  }
  return {};
}

}  // namespace zegel::check
