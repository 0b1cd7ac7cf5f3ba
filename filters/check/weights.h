#pragma once

#include <span>
#include <string_view>

namespace zegel::check {

/// What each difference costs and how much may be spent: the one table of the recipient check. A unit is about "one
/// careless mistake"; the defaults are measured, see docs/decisions. All of it may be overridden by name.
struct Weights {
  // Letters of the name.
  double swap = 0.32;             ///< two neighbouring letters swapped: gmial
  double undoubled = 0.41;        ///< a letter of a double left out: outlok
  double doubled = 0.43;          ///< a letter typed twice: gmaill
  double missing = 0.58;          ///< a letter left out: utrect
  double extra_neighbour = 0.51;  ///< an extra letter, on a key beside one that was meant: gmaikl
  double extra = 0.92;            ///< any other extra letter
  double neighbour = 0.62;        ///< the key beside: gmsil
  double look_alike = 0.60;       ///< 0 for o, 1 for l, u for v
  double same_skeleton = 0.45;    ///< looks the same: rn for m, vv for w, Cyrillic а
  double sounds_alike = 0.74;     ///< c for k, s for z, d for t, f for v
  double vowel = 0.86;            ///< another vowel
  double other = 1.25;            ///< another letter
  double first_letter = 0.26;     ///< on top, when it is the first letter: people seldom mistype that
  double dot = 0.20;              ///< a dot added, lost or moved
  double hyphen = 0.45;           ///< a hyphen added, lost or moved
  // The ending.
  double tld_absent = 0.20;        ///< an ending that does not exist: klant.con …
  double tld_absent_share = 0.36;  ///< … plus this share of the cost of its letters
  double tld_slip = 0.45;          ///< a real one that is easily mistyped: .co .cm .ml .ne
  double tld_other = 0.95;         ///< any other real ending
  double tld_single = 0.40;        ///< the same, of a provider that is known to have one ending only
  double tld_near = 0.20;          ///< taken off tld_other when the two endings are one slip apart: .ve .be
  // Whole words.
  double www = 0.30;            ///< wwwklant.nl
  double lure = 0.50;           ///< klant-login.nl
  double lure_everyday = 0.20;  ///< on top, when the word stands in many an honest name: online, shop
  double lure_ending = -0.10;   ///< on top, when the word is an ending: klant-nl.nl
  double lure_glued = 0.10;     ///< on top, without a hyphen …
  double lure_glued_5 = 0.20;   ///< … and this too for a name of four or five letters
  double lure_glued_3 = 0.40;   ///< … and this for a shorter one
  double parts_turned = 0.50;   ///< holland-noord for noord-holland
  double other_host = 0.10;     ///< on top, when the slip is in the domain of a host: mail.klnat.nl
  // Letters beyond ASCII, on top of what the letters they look like cost.
  double disguised = 0.10;     ///< letters of another script, or made to look like others
  double disguised_nl = 0.05;  ///< any at all under .nl, where there are none
  double marked = 0.25;        ///< letters with marks only: é
  double unmarked = 0.25;      ///< the other way round: backerei for bäckerei
  // What may be spent.
  double allowed_2 = -0.10;  ///< a name of one or two letters
  double allowed_3 = 0.10;   ///< three letters: nearly undecidable, so ask little
  double allowed_4 = 0.60;
  double allowed_5 = 0.86;
  double allowed_6 = 1.08;
  double allowed_7 = 1.30;           ///< seven and more
  double per_tenfold_mail = 0.11;    ///< on top, times log10(1 + mails in 90 days)
  double shift = 0.30;               ///< on top, with 300 known domains …
  double shift_per_tenfold = -0.12;  ///< … and this for each tenfold more of them
  double address_known = 0.30;       ///< on top, when this very local part is known at the domain that seems meant
  double merely_listed =
      -0.35;  ///< on top, for a shipped provider that nobody wrote to, unless all its endings are listed
  // People: what other ways to write a name cost …
  double person_separator = 0.20;      ///< janjansen for jan.jansen
  double person_order = 0.25;          ///< jansen.jan for jan.jansen
  double person_tussenvoegsel = 0.45;  ///< m.berg for m.vandenberg
  double person_initial = 0.45;        ///< j.jansen for jan.jansen
  // … and what may be spent.
  double person_allowed = 1.0;           ///< seven or eight letters in all
  double person_allowed_4 = 0.5;         ///< up to four
  double person_allowed_6 = 0.75;        ///< five or six
  double person_allowed_9 = 1.3;         ///< nine and more
  double person_per_tenfold_mail = 0.1;  ///< on top, times log10(1 + mails in 90 days)
};

/// One row of the table by its name: `swap`, `tld_other`, …
struct WeightRow {
  std::string_view name;
  double Weights::* value;
};

/// All rows in the order of the struct, for the config and for documentation.
[[nodiscard]] std::span<const WeightRow> weight_rows();

}  // namespace zegel::check
