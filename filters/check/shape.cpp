#include "check/shape.h"

#include <algorithm>
#include <array>
#include <memory>

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/uscript.h>
#include <unicode/uspoof.h>

namespace zegel::check {

namespace {

struct Lookalike {
  char32_t letter;
  std::string_view ascii;
};

/// What neither Unicode's decompositions nor its confusables give: strokes, hooks, and letters that pass in small type.
constexpr std::array lookalikes = {
    Lookalike{U'đ', "d"},  Lookalike{U'ð', "d"},  Lookalike{U'ł', "l"}, Lookalike{U'ø', "o"}, Lookalike{U'ħ', "h"},
    Lookalike{U'ŧ', "t"},  Lookalike{U'ƫ', "t"},  Lookalike{U'ɍ', "r"}, Lookalike{U'ⱱ', "v"}, Lookalike{U'ƅ', "b"},
    Lookalike{U'ɓ', "b"},  Lookalike{U'ƀ', "b"},  Lookalike{U'ɫ', "l"}, Lookalike{U'ı', "i"}, Lookalike{U'ß', "ss"},
    Lookalike{U'æ', "ae"}, Lookalike{U'œ', "oe"}, Lookalike{U'ŋ', "n"}, Lookalike{U'ɡ', "g"}, Lookalike{U'ƙ', "k"},
    Lookalike{U'ɗ', "d"},  Lookalike{U'ɦ', "h"},  Lookalike{U'ƴ', "y"}, Lookalike{U'ƿ', "p"}, Lookalike{U'ʀ', "r"},
    Lookalike{U'ᴄ', "c"},  Lookalike{U'ᴏ', "o"},  Lookalike{U'ᴠ', "v"}, Lookalike{U'ᴡ', "w"}, Lookalike{U'ᴢ', "z"},
    Lookalike{U'м', "m"},  Lookalike{U'т', "t"},  Lookalike{U'к', "k"}, Lookalike{U'в', "b"}, Lookalike{U'н', "h"},
    Lookalike{U'ь', "b"},  Lookalike{U'ԍ', "g"},  Lookalike{U'һ', "h"}, Lookalike{U'х', "x"}, Lookalike{U'г', "r"},
    Lookalike{U'п', "n"},  Lookalike{U'и', "u"},  Lookalike{U'ё', "e"}, Lookalike{U'ӏ', "l"}, Lookalike{U'α', "a"},
    Lookalike{U'β', "b"},  Lookalike{U'ε', "e"},  Lookalike{U'η', "n"}, Lookalike{U'ι', "i"}, Lookalike{U'κ', "k"},
    Lookalike{U'ν', "v"},  Lookalike{U'ο', "o"},  Lookalike{U'ρ', "p"}, Lookalike{U'τ', "t"}, Lookalike{U'υ', "u"},
    Lookalike{U'χ', "x"},  Lookalike{U'ω', "w"},  Lookalike{U'γ', "y"}};

struct National {
  std::string_view ending;
  std::u32string_view letters;
};

/// Letters that ordinary names under an ending have. `.nl` has none: its registry takes a–z, 0–9 and hyphen only.
constexpr std::array nationals = {National{"de", U"äöüß"},
                                  National{"at", U"äöüß"},
                                  National{"ch", U"äöüàéèç"},
                                  National{"li", U"äöü"},
                                  National{"dk", U"æøåäöü"},
                                  National{"no", U"æøåäöé"},
                                  National{"se", U"åäöéü"},
                                  National{"fi", U"åäö"},
                                  National{"fr", U"àâäçèéêëîïôöùûü"},
                                  National{"es", U"áéíóúüñ"},
                                  National{"pt", U"áâãàçéêíóôõú"},
                                  National{"pl", U"ąćęłńóśźż"},
                                  National{"is", U"áéíóúýðþæö"},
                                  National{"cz", U"áčďéěíňóřšťúůýž"},
                                  National{"hu", U"áéíóöőúüű"},
                                  National{"it", U"àèéìòù"}};

bool is_national(char32_t letter, std::string_view ending) {
  const auto* found = std::ranges::find(nationals, ending, &National::ending);
  return found != nationals.end() && found->letters.contains(letter);
}

/// Immutable once opened, and ICU documents USpoofChecker as safe to share while it is only asked.
const USpoofChecker* spoof_checker() {
  static const std::unique_ptr<USpoofChecker, decltype(&uspoof_close)> checker = [] {
    UErrorCode status = U_ZERO_ERROR;
    return std::unique_ptr<USpoofChecker, decltype(&uspoof_close)>(uspoof_open(&status), uspoof_close);
  }();
  return checker.get();
}

std::string ascii_of(const icu::UnicodeString& text) {
  std::string out;
  for (std::int32_t i = 0; i < text.length(); ++i) {
    const char16_t unit = text.charAt(i);
    if ((unit >= 'a' && unit <= 'z') || (unit >= '0' && unit <= '9'))
      out += static_cast<char>(unit);
    else if (unit >= 'A' && unit <= 'Z')
      out += static_cast<char>(unit + 32);
    else
      return {};
  }
  return out;
}

/// The Latin letter under the marks: é gives e. Empty where there is none.
std::string without_marks(char32_t letter) {
  UErrorCode status = U_ZERO_ERROR;
  const auto* nfkd = icu::Normalizer2::getNFKDInstance(status);
  if (U_FAILURE(status)) return {};
  const auto apart = nfkd->normalize(icu::UnicodeString(static_cast<UChar32>(letter)), status);
  icu::UnicodeString base;
  for (std::int32_t i = 0; i < apart.length(); i = apart.moveIndex32(i, 1)) {
    if (u_getCombiningClass(apart.char32At(i)) == 0) base.append(apart.char32At(i));
  }
  return ascii_of(base);
}

/// Unicode's own word on what it looks like (UTS 39), m for rn.
std::string skeleton(char32_t letter) {
  UErrorCode status = U_ZERO_ERROR;
  icu::UnicodeString out;
  uspoof_getSkeletonUnicodeString(spoof_checker(), 0, icu::UnicodeString(static_cast<UChar32>(letter)), out, &status);
  if (U_FAILURE(status)) return {};
  auto ascii = ascii_of(out);
  return ascii == "rn" ? "m" : ascii;
}

struct Looks {
  std::string ascii;
  bool marked = false;
};

Looks looks_of(char32_t letter) {
  if (const auto* found = std::ranges::find(lookalikes, letter, &Lookalike::letter); found != lookalikes.end()) {
    return {std::string(found->ascii), letter < 0x250};
  }
  if (auto base = without_marks(letter); !base.empty()) return {std::move(base), true};
  if (auto other = skeleton(letter); !other.empty()) return {std::move(other), false};
  return {"?", false};
}

bool is_latin(char32_t letter) {
  UErrorCode status = U_ZERO_ERROR;
  const auto script = uscript_getScript(static_cast<UChar32>(letter), &status);
  return script == USCRIPT_LATIN || script == USCRIPT_COMMON || script == USCRIPT_INHERITED;
}

}  // namespace

Shape shape_of(std::string_view name, std::string_view ending) {
  Shape shape;
  bool ascii_letters = false;
  const auto text = icu::UnicodeString::fromUTF8(icu::StringPiece(name.data(), static_cast<std::int32_t>(name.size())));
  for (std::int32_t i = 0; i < text.length(); i = text.moveIndex32(i, 1)) {
    const auto letter = static_cast<char32_t>(text.char32At(i));
    if (letter < 0x80) {
      shape.text += static_cast<char>(letter);
      ascii_letters = ascii_letters || u_isalpha(static_cast<UChar32>(letter));
      continue;
    }
    const Looks looks = looks_of(letter);
    shape.text += looks.ascii;
    ++(looks.marked ? shape.marked : shape.disguised);
    if (is_latin(letter))
      ascii_letters = true;
    else
      ++shape.foreign;
    shape.everyday = shape.everyday && is_national(letter, ending);
  }
  shape.mixed = ascii_letters && shape.foreign > 0;
  return shape;
}

}  // namespace zegel::check
