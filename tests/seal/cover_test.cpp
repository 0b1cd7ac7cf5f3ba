#include "seal/cover.h"

#include <algorithm>
#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

#include "core/text.h"
#include "other_tools.h"
#include "seal/covers.h"

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
  EXPECT_TRUE(text.contains("Bel de afzender en noem kenmerk\n7K3QX9M2TB.")) << text;
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
  const auto own = CoverTemplate::parse(
      "\xEF\xBB\xBFOpen {zip}.\r\n{if phone}Bel {phone}.\r\n{if no phone}Bel ons.\r\n{if beside}Los.\r\n");
  ASSERT_TRUE(own) << own.error().what;
  EXPECT_EQ(own->render(Language::de, facts()), "Open anlagen.zip.\nBel 020 612 34 56.\n");
  EXPECT_EQ(own->render(Language::nl, {.sender = {}, .phone = {}, .reference = {}, .beside = true}),
            "Open bijlagen.zip.\nBel ons.\nLos.\n");
}

TEST(CoverTemplate, IsRefusedWithItsPlace) {
  const std::pair<std::string, std::string> wrong[] = {
      {"Open {zip}\nBel {phon}", "2:5: unknown placeholder {phon}"},
      {"Open {zip} {", "1:12: a brace"},
      {"Open zip}", "1:9: a brace"},
      {"Open {zip} op https://x.nl", "1:20: a cover text has no links"},
      {"Open {zip} op WWW.x.nl", "1:15: a cover text has no links"},
      {"Bel {if phone}", "1:5: {if phone} must stand at the start"},
      {"{zip}\xFF", "1:1: the line is not UTF-8"},
      {"{zip}\t", "1:6: a tab"},
      {"Bel {phone}", "1:1: the text does not say which file"},
      {std::string(501, 'a'), "1:501: the line is longer"},
      {std::string(17'000, '\n'), "1:1: more than 16 KB"},
      {"", "1:1: the text does not say which file"},
  };
  for (const auto& [text, why] : wrong) {
    const auto parsed = CoverTemplate::parse(text);
    ASSERT_FALSE(parsed) << text;
    const std::string said =
        std::to_string(parsed.error().line) + ":" + std::to_string(parsed.error().column) + ": " + parsed.error().what;
    EXPECT_TRUE(said.starts_with(why)) << said;
  }
}

TEST(Covers, AreTheOfficesOwnWhereItHasSomeElseTheShippedOnes) {
  const test::Folder folder;
  folder.write("zip-attachments.nl.txt", "Eigen woorden: {zip}");
  folder.write(".hidden", "\xFF");
  const auto covers = Covers::load(folder / "");
  ASSERT_TRUE(covers);
  EXPECT_EQ(covers->of(Language::nl, Method::zip_attachments).render(Language::nl, facts()),
            "Eigen woorden: bijlagen.zip\n");
  for (const auto& [language, method] :
       {std::pair(Language::nl, Method::zip), std::pair(Language::en, Method::zip_attachments)}) {
    EXPECT_EQ(covers->of(language, method).render(language, facts()),
              cover_template(language, method).render(language, facts()));
  }
  EXPECT_TRUE(Covers::load(""));
}

TEST(Covers, AreRefusedWithEveryProblemAndItsPlace) {
  const test::Folder folder;
  folder.write("zip.nl.txt", "Hier is {zip}\n\nBel {telefoon}");
  folder.write("zip.fr.txt", "{zip}");
  folder.write("zip.en.txt", "{zip}");
  const auto covers = Covers::load(folder / "");
  ASSERT_FALSE(covers);
  ASSERT_EQ(covers.error().size(), 2);
  EXPECT_TRUE(
      covers.error()[0].starts_with((folder / "") + "zip.fr.txt:1:1: no cover text is called so; the names are "))
      << covers.error()[0];
  EXPECT_TRUE(covers.error()[1].starts_with((folder / "") + "zip.nl.txt:3:5: unknown placeholder {telefoon}; "))
      << covers.error()[1];
}

}  // namespace
}  // namespace zegel::seal
