#include "seal/cover.h"

#include <algorithm>
#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

#include "core/text.h"

namespace zegel::seal {
namespace {

CoverFacts facts() { return {"Piet Jansen", "020 612 34 56", "7K3QX9M2TB"}; }

TEST(Cover, TellsWhatOpensTheZipAndWhomToPhone) {
  for (const auto& language : words_of_language) {
    for (const Method method : {Method::zip_attachments, Method::zip}) {
      const std::string text = cover_template(language.value, method).render(language.value, facts());
      for (const auto* must : {"7-Zip", "Keka", "ZArchiver", "iPhone", "020 612 34 56", "7K3QX9M2TB"}) {
        EXPECT_TRUE(text.contains(must)) << language.text << ": " << must;
      }
      EXPECT_TRUE(text.contains(zip_words(language.value).zip));
      EXPECT_TRUE(text.contains(zip_words(language.value).padding));
      EXPECT_FALSE(text.contains('{') || text.contains("http")) << text;
    }
  }
}

TEST(Cover, HasLinesOfSeventyTwoColumns) {
  for (const auto& language : words_of_language) {
    const std::string text = cover_template(language.value, Method::zip).render(language.value, facts());
    EXPECT_TRUE(text::is_utf8(text));
    EXPECT_TRUE(text.ends_with("\n") && !text.ends_with("\n\n"));
    for (const auto line : text::split(text, '\n')) {
      EXPECT_LE(std::ranges::count_if(line, [](char c) { return (c & 0xC0) != 0x80; }), 72) << line;
    }
  }
}

TEST(Cover, SendsToTheSenderWhereNoPhoneIsKnown) {
  const std::string text =
      cover_template(Language::nl, Method::zip_attachments).render(Language::nl, {{}, {}, "7K3QX9M2TB"});
  EXPECT_TRUE(text.contains("Bel de afzender en noem referentie\n7K3QX9M2TB.")) << text;
  EXPECT_FALSE(text.contains("Bel  ")) << text;
}

TEST(Cover, LetsNoNameBreakOutOfItsLine) {
  const std::string text =
      cover_template(Language::en, Method::zip)
          .render(Language::en, {"Piet\r\n\r\nhttp://x \xE2\x80\xAE{zip}" + std::string(500, 'a'), "1", "R"});
  EXPECT_TRUE(text.contains("It comes from Piethttp://x\n{zip}aaa")) << text;
  EXPECT_FALSE(text.contains('\r'));
  EXPECT_FALSE(text.contains("\xE2\x80\xAE"));
  EXPECT_FALSE(text.contains(std::string(101, 'a')));
}

TEST(Cover, IsShownInTheDocumentationAsItIs) {
  std::ifstream file(ZEGEL_SOURCE_DIR "/docs/recipients.md");
  const std::string page(std::istreambuf_iterator<char>(file), {});
  for (const auto& language : words_of_language) {
    for (const Method method : {Method::zip_attachments, Method::zip}) {
      const std::string text = cover_template(language.value, method).render(language.value, facts());
      EXPECT_TRUE(page.contains("```text\n" + text + "```\n")) << "docs/recipients.md lacks:\n" << text;
    }
  }
}

TEST(CoverTemplate, FillsTheOfficesOwnWords) {
  const auto own = CoverTemplate::parse("Open {zip}.\r\n{if phone}Bel {phone}.\r\n{if no phone}Bel ons.\r\n");
  ASSERT_TRUE(own) << own.error().why;
  EXPECT_EQ(own->render(Language::de, facts()), "Open anlagen.zip.\nBel 020 612 34 56.\n");
  EXPECT_EQ(own->render(Language::nl, {}), "Open bijlagen.zip.\nBel ons.\n");
}

TEST(CoverTemplate, IsRefusedWithItsLine) {
  const std::pair<std::string, std::string> wrong[] = {
      {"Open {zip}\nBel {phon}", "line 2: unknown placeholder {phon}"},
      {"Open {zip} {", "line 1: a brace"},
      {"Open zip}", "line 1: a brace"},
      {"Open {zip} op https://x.nl", "line 1: a cover text has no links"},
      {"Open {zip} op WWW.x.nl", "line 1: a cover text has no links"},
      {"Bel {if phone}", "line 1: {if phone} must stand at the start"},
      {"{zip}\xFF", "line 1: the line is not UTF-8"},
      {"{zip}\t", "line 1: the line has a tab"},
      {"Bel {phone}", "it lacks {zip}"},
      {std::string(501, 'a'), "line 1: the line is longer"},
      {std::string(17'000, '\n'), "at most 16 KB"},
  };
  for (const auto& [text, why] : wrong) {
    const auto parsed = CoverTemplate::parse(text);
    ASSERT_FALSE(parsed) << text;
    EXPECT_TRUE(parsed.error().why.contains(why)) << parsed.error().why;
  }
}

TEST(CoverLanguage, FollowsTheRuleThenTheDomainThenTheOffice) {
  const auto at = [](std::string domain) { return mail::Mailbox{"jan", std::move(domain)}; };
  EXPECT_EQ(cover_language(Language::de, at("klant.nl"), Language::en), Language::de);
  EXPECT_EQ(cover_language({}, at("klant.nl"), Language::en), Language::nl);
  EXPECT_EQ(cover_language({}, at("kanzlei.at"), Language::nl), Language::de);
  EXPECT_EQ(cover_language({}, at("firm.co.uk"), Language::nl), Language::en);
  EXPECT_EQ(cover_language({}, at("klant.com"), Language::nl), Language::nl);
  EXPECT_EQ(cover_language({}, at("mode"), Language::nl), Language::nl);
}

}  // namespace
}  // namespace zegel::seal
