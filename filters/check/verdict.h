#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/terms.h"

namespace zegel::check {

/// How a recipient stands to what the office knows.
enum class Standing {
  known,      ///< an entry, or covered by one
  related,    ///< a subdomain (or parent) of something known: `mail.klant.nl`. Not a typo
  near_miss,  ///< probably something known was meant
  unknown,    ///< resembles nothing, or not enough to say so
};

inline constexpr std::array words_of_standing = {Word{Standing::known, "known"}, Word{Standing::related, "related"},
                                                 Word{Standing::near_miss, "near-miss"},
                                                 Word{Standing::unknown, "unknown"}};
/// For zegel::to_text and from_text.
constexpr std::span<const Word<Standing>> words(Standing) { return words_of_standing; }

/// In what way something differs from what was probably meant.
enum class Kind : std::uint8_t {
  none,
  swap,          ///< two neighbouring letters swapped: gmial.com
  doubled,       ///< a letter typed twice: gmaill.com
  undoubled,     ///< a letter of a double left out: outlok.com
  missing,       ///< a letter left out: utrect.nl
  extra,         ///< a letter too many: gmaiil.com
  neighbour,     ///< the neighbouring key: gmsil.com
  look_alike,    ///< looks the same or nearly so: g00gle, rn for m, Cyrillic а
  sounds_alike,  ///< c for k, s for z
  other_letter,
  punctuation,  ///< a dot, hyphen or comma added, lost or moved
  tld,          ///< another ending: klant.con, klant.com for klant.nl
  www,          ///< `www` glued on: wwwklant.nl
  lure,         ///< a word added that lures: klant-login.nl
  person,       ///< the same domain, a person much like one that is known
};

inline constexpr std::array words_of_kind = {
    Word{Kind::none, "none"},
    Word{Kind::swap, "swap"},
    Word{Kind::doubled, "doubled-letter"},
    Word{Kind::undoubled, "lost-double"},
    Word{Kind::missing, "missing-letter"},
    Word{Kind::extra, "extra-letter"},
    Word{Kind::neighbour, "neighbouring-key"},
    Word{Kind::look_alike, "look-alike"},
    Word{Kind::sounds_alike, "sounds-alike"},
    Word{Kind::other_letter, "other-letter"},
    Word{Kind::punctuation, "punctuation"},
    Word{Kind::tld, "tld"},
    Word{Kind::www, "www"},
    Word{Kind::lure, "lure-word"},
    Word{Kind::person, "person"},
};
constexpr std::span<const Word<Kind>> words(Kind) { return words_of_kind; }

/// One difference between what was given and what was probably meant.
struct Difference {
  Kind kind = Kind::none;
  std::string given;  ///< the letters as given (`ia`), may be empty
  std::string meant;  ///< the letters as meant (`ai`), may be empty
};

/// What the check says of one recipient.
struct Verdict {
  Standing standing = Standing::unknown;
  /// near_miss: what was probably meant; related: the known domain. A whole address where an address was judged (the
  /// given local part unless the person is the doubt), else a domain. A-labels; ASCII unless the local part is not.
  std::string suggestion = {};
  /// What the differences come to: that of the costliest one; `person` for people.
  Kind kind = Kind::none;
  double cost = 0;     ///< near_miss: weighted sum of the differences
  double allowed = 0;  ///< near_miss: what it might cost at most
  /// The domain is known, the doubt is about who is meant there. Such a hint only ever asks; it never refuses for good.
  bool about_person = false;
  std::uint32_t mails = 0;  ///< to the suggestion in the last 90 days, as far as known
  std::string given = {};   ///< what was judged, normalised
  std::vector<Difference> differences = {};
};

/// One sentence that an office worker understands, UTF-8: `gmial.com looks like gmail.com, to which 4,120 mails went in
/// the last 90 days: the letters "ai" are swapped`. One line, without tabs or control characters. Never empty.
[[nodiscard]] std::string explain(const Verdict&, Language);

/// The same for administrators: with `(cost 0.32, allowed 1.25)` where there is a cost.
[[nodiscard]] std::string explain_with_figures(const Verdict&, Language);

}  // namespace zegel::check
