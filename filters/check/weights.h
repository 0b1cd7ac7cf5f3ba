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
  // Whole words.
  double www = 0.30;   ///< wwwklant.nl
  double lure = 0.50;  ///< klant-login.nl
  // What may be spent.
  double allowed_3 = 0.10;  ///< a name of up to three letters: nearly undecidable, so ask little
  double allowed_4 = 0.60;
  double allowed_5 = 0.86;
  double allowed_6 = 1.08;
  double allowed_7 = 1.30;           ///< seven and more
  double per_tenfold_mail = 0.11;    ///< on top, times log10(1 + mails in 90 days)
  double shift = 0.30;               ///< on top, with 300 known domains …
  double shift_per_tenfold = -0.12;  ///< … and this for each tenfold more of them
  double address_known = 0.30;       ///< on top, when this very local part is known at the domain that seems meant
  double tie = 0.20;                 ///< two candidates closer than this: the more frequent, if it is clearly so
  // People.
  double person_allowed = 1.0;           ///< what may be spent on a person's name
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
