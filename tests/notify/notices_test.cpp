#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

#include "core/text.h"
#include "mail/content.h"
#include "mail/structure.h"
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

/// What a reader sees, with LF ends.
std::string text_of(const seal::Sealed& sealed) {
  const mail::Message message{std::string(sealed.bytes())};
  const mail::Structure structure = mail::scan(message);
  return mail::decode_text(message, structure.root()).value();
}

constexpr Language all[] = {Language::nl, Language::en, Language::de};

TEST(Notices, APasswordStandsOnALineOfItsOwn) {
  for (const auto language : all) {
    const auto sealed = password_notice(head(language), {"jan", "x.nl"}, Secret("appel-berg-citroen-dak-emmer-fiets"));
    EXPECT_TRUE(sealed.bytes().contains("\r\n    appel-berg-citroen-dak-emmer-fiets\r\n"));
    EXPECT_TRUE(sealed.bytes().contains("\r\nAuto-Submitted: auto-generated\r\n"));
  }
}

TEST(Notices, APasswordIsShownInTheDocumentationAsItIs) {
  std::ifstream file(ZEGEL_SOURCE_DIR "/docs/recipients.md");
  const std::string page(std::istreambuf_iterator<char>(file), {});
  const std::pair<Language, const char*> passwords[] = {{Language::nl, "bakker-olifant-gordijn-lepel-kasteel-wolken"},
                                                        {Language::en, "baker-elephant-curtain-spoon-castle-clouds"},
                                                        {Language::de, "apfel-brunnen-garten-kerze-mantel-wolke"}};
  for (const auto& [language, password] : passwords) {
    auto letterhead = head(language);
    letterhead.phone = "020 612 34 56";
    const std::string text = text_of(password_notice(letterhead, {"jan", "klant.nl"}, Secret(std::string(password))));
    EXPECT_TRUE(page.contains("```text\n" + text + "```\n")) << "docs/recipients.md lacks:\n" << text;
  }
}

TEST(Notices, TellWhatToSayOnThePhone) {
  const auto notice =
      text_of(password_notice(head(Language::nl), {"jan", "x.nl"}, Secret("appel-berg-citroen-dak-emmer")));
  EXPECT_TRUE(notice.contains("bestaat uit 5 woorden")) << notice;
  EXPECT_TRUE(notice.contains("    appel, berg, citroen, dak, emmer.\"\n")) << notice;
}

TEST(Notices, RemindOfAnAgreedPasswordWithoutNamingIt) {
  for (const auto language : all) {
    const auto sealed = agreed_notice(head(language), "klant.nl", noon);
    const std::string text = text_of(sealed);
    EXPECT_TRUE(text.contains("zegel password new klant.nl")) << text;
    EXPECT_TRUE(text.contains(date_text(language, noon))) << text;
    EXPECT_FALSE(text.contains('{')) << text;
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
