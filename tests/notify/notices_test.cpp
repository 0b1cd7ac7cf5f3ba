#include <gtest/gtest.h>

#include "core/text.h"
#include "notify/letter.h"
#include "notify/notify.h"

namespace zegel::notify {
namespace {

const Time noon{std::chrono::days(20'000) + std::chrono::hours(12)};

Letterhead head(Language language) {
  return {.hostname = "zegel.kantoor.nl",
          .language = language,
          .phone = "",
          .now = noon,
          .reference = "7K3QX9M2TB",
          .to = {"piet", "kantoor.nl"}};
}

constexpr Language all[] = {Language::nl, Language::en, Language::de};

TEST(Notices, APasswordStandsOnALineOfItsOwn) {
  for (const auto language : all) {
    const auto sealed = password_notice(head(language), {"jan", "x.nl"}, Secret("appel-berg-citroen-dak-emmer-fiets"));
    EXPECT_TRUE(sealed.bytes().contains("\r\n    appel-berg-citroen-dak-emmer-fiets\r\n"));
    EXPECT_TRUE(sealed.bytes().contains("\r\nAuto-Submitted: auto-generated\r\n"));
  }
}

TEST(Notices, EveryEventHasWordsInEveryLanguage) {
  for (const auto language : all) {
    for (const auto event : {HeldEvent::held, HeldEvent::released, HeldEvent::refused, HeldEvent::expired}) {
      const auto sealed = held_notice(head(language), event, "jan@gmial.com", "near-miss", "jan@gmail.com", noon);
      EXPECT_TRUE(sealed.bytes().contains("jan@gmial.com"));
      EXPECT_TRUE(sealed.bytes().contains("7K3QX9M2TB"));
      EXPECT_EQ(sealed.bytes().contains("jan@gmail.com"), event != HeldEvent::released);
      EXPECT_FALSE(sealed.bytes().contains('{')) << sealed.bytes();
      EXPECT_TRUE(text::is_ascii(sealed.bytes()));
    }
    const auto doubt = doubt_notice(head(language), {"jan", "gmial.com"}, "near-miss", "jan@gmail.com");
    EXPECT_TRUE(doubt.bytes().contains("jan@gmail.com"));
  }
}

TEST(Notices, ValuesAreNotSearchedForNames) {
  EXPECT_EQ(fill("a {x} {y}", {{"x", "{y}"}, {"y", "z"}}), "a {y} z");
  EXPECT_EQ(fill("{unknown}|{", {{"x", "1"}}), "|{");
}

TEST(Notices, WriteDatesAsPeopleDo) {
  EXPECT_EQ(date_text(Language::nl, noon), "4 oktober 2024, 12:00 UTC");
  EXPECT_EQ(date_text(Language::en, noon), "4 October 2024, 12:00 UTC");
  EXPECT_EQ(date_text(Language::de, noon), "4. Oktober 2024, 12:00 UTC");
}

TEST(Notices, SayWhomToCallWhereThereIsANumber) {
  auto letterhead = head(Language::nl);
  EXPECT_TRUE(closing(letterhead).contains("systeembeheerder"));
  letterhead.phone = "020-1234567";
  EXPECT_TRUE(closing(letterhead).contains("Bel 020-1234567"));
}

TEST(Notices, AddressALetterToAnInternationalMailboxAsItIs) {
  auto letterhead = head(Language::en);
  letterhead.to.local = "jos\xC3\xA9";
  EXPECT_TRUE(doubt_notice(letterhead, {"a", "x.nl"}, "", "").bytes().contains("\r\nTo: <jos\xC3\xA9@kantoor.nl>\r\n"));
}

}  // namespace
}  // namespace zegel::notify
