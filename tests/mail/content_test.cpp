#include "mail/content.h"

#include <gtest/gtest.h>

#include "mail/compose.h"
#include "mail/transfer.h"

namespace zegel::mail {
namespace {

std::string part(const std::string& fields, const std::string& body) { return fields + "\r\n" + body + "\r\n"; }

std::string multi(const std::string& subtype, const std::string& boundary, const std::vector<std::string>& parts) {
  std::string out = "Content-Type: multipart/" + subtype + "; boundary=" + boundary + "\r\n\r\n";
  for (const std::string& one : parts) out += "--" + boundary + "\r\n" + one;
  return out + "--" + boundary + "--\r\n";
}

const std::string plain = part("Content-Type: text/plain\r\n", "hello");
const std::string html = part("Content-Type: text/html\r\n",
                              "<p><img src=\"cid:logo@x\"><img src=cid:%6Cosse@x><!-- src=cid:weg@x --> cid:los@x");
const std::string pdf =
    part("Content-Type: application/pdf\r\nContent-Disposition: attachment; filename=\"a.pdf\"\r\n", "x");

std::string image(const std::string& id) {
  return part("Content-Type: image/png; name=" + id + ".png\r\nContent-ID: <" + id + "@x>\r\n", "x");
}

/// `body 1,2 inlined 3 files 4:a.pdf`
std::string sorted(const std::string& text) {
  const Message message(text);
  const Structure structure = scan(message);
  EXPECT_TRUE(structure.sound()) << structure.flaws().front().why << "\n" << text;
  const Content content = sort_content(message, structure);
  std::string out = "body";
  for (const auto i : content.body) out += " " + std::to_string(i);
  out += " inlined";
  for (const auto i : content.inlined) out += " " + std::to_string(i);
  out += " files";
  for (const auto& a : content.attachments) out += " " + std::to_string(a.part) + ":" + a.name;
  return out;
}

TEST(SortContent, TakesAlternativesForTheBody) {
  EXPECT_EQ(sorted(plain), "body 0 inlined files");
  EXPECT_EQ(sorted(html), "body 0 inlined files");
  EXPECT_EQ(sorted(multi("alternative", "b", {plain, html})), "body 1 2 inlined files");
  EXPECT_EQ(sorted(multi("mixed", "a", {multi("alternative", "b", {plain, html}), pdf})),
            "body 2 3 inlined files 4:a.pdf");
}

TEST(SortContent, KeepsOnlyImagesThatTheHtmlRefersTo) {
  EXPECT_EQ(sorted(multi("related", "b", {html, image("logo"), image("losse"), image("weg"), image("los")})),
            "body 1 inlined 2 3 files 4:weg.png 5:los.png");
  EXPECT_EQ(sorted(multi("mixed", "b", {plain, image("logo")})), "body 1 inlined files 2:logo.png");
  const std::string document = part("Content-Type: application/pdf\r\nContent-ID: <logo@x>\r\n", "x");
  EXPECT_EQ(sorted(multi("related", "b", {html, document})), "body 1 inlined files 2:file-1.pdf");
}

TEST(SortContent, CountsEverythingElseAsAFile) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {part("Content-Type: text/calendar; method=REQUEST\r\n", "BEGIN:VCALENDAR"), "2:file-1.ics"},
      {part("Content-Type: application/ms-tnef; name=\"winmail.dat\"\r\n", "x"), "2:winmail.dat"},
      {part("Content-Type: message/rfc822\r\n", "Subject: x\r\n\r\ny"), "2:file-1.eml"},
      {part("Content-Type: application/pdf\r\nContent-Disposition: inline\r\n", "x"), "2:file-1.pdf"},
      {part("Content-Type: application/octet-stream\r\n", "x"), "2:file-1.bin"},
      {part("Content-Type: text/plain; name=notes.txt\r\n", "x"), "2:notes.txt"},
      {part("Content-Type: text/html\r\nContent-Disposition: attachment\r\n", "x"), "2:file-1.html"},
      {part("Content-Type: text/plain\r\n", "a second text"), "2:file-1.txt"},
      {part("Content-Type: image/png\r\n", "x"), "2:file-1.png"},
      {part("Content-Type: application/pgp-signature\r\n", "x"), "2:file-1.bin"},
  };
  for (const auto& [one, files] : cases) {
    EXPECT_EQ(sorted(multi("mixed", "b", {plain, one})), "body 1 inlined files " + files);
    EXPECT_EQ(sorted(multi("alternative", "b", {plain, one})), "body 1 inlined files " + files);
  }
}

TEST(SortContent, CountsWhatLooksLikeABodyButIsNotInItsPlace) {
  EXPECT_EQ(sorted(multi("mixed", "b", {pdf, plain})), "body inlined files 1:a.pdf 2:file-2.txt");
  const std::string forwarded = part("Content-Type: message/rfc822\r\n", plain);
  EXPECT_EQ(sorted(forwarded), "body inlined files 0:file-1.eml");
  std::string held = multi("alternative", "c", {plain, html});
  held.insert(0, "Content-Disposition: attachment\r\n");
  EXPECT_EQ(sorted(multi("mixed", "b", {held})), "body inlined files 2:file-1.txt 3:file-2.html");
  EXPECT_EQ(sorted("Content-Type: application/pdf\r\n\r\nx\r\n"), "body inlined files 0:file-1.pdf");
}

TEST(SortContent, TakesATextThatHoldsAUuencodedFileForAFile) {
  const std::string block = "begin 644 geheim.doc\r\n#86)C\r\n`\r\nend\r\n";
  EXPECT_EQ(sorted("From: a@b.nl\r\n\r\nSee below\r\n" + block), "body inlined files 0:file-1.txt");
  EXPECT_EQ(sorted("From: a@b.nl\r\n\r\nbegin 644 is how it starts\r\nand this is not data at all, you see\r\n"),
            "body 0 inlined files");
  const std::string encoded = "Content-Transfer-Encoding: x-uuencode\r\n\r\n" + block;
  EXPECT_EQ(sorted(encoded), "body inlined files 0:file-1.txt");
  const Message message(encoded);
  EXPECT_EQ(decode(message, scan(message).root()), "abc");
}

TEST(SortContent, GivesNoNameTwice) {
  const std::string upper =
      part("Content-Type: application/pdf\r\nContent-Disposition: attachment; filename=\"A.PDF\"\r\n", "x");
  EXPECT_EQ(sorted(multi("mixed", "b", {plain, pdf, upper, pdf})),
            "body 1 inlined files 2:a.pdf 3:A (2).PDF 4:a (3).pdf");
}

Result<std::string> decoded(const std::string& encoding, const std::string& body) {
  const Message message("Content-Transfer-Encoding: " + encoding + "\r\n\r\n" + body);
  return decode(message, scan(message).root());
}

TEST(Decode, UndoesEveryEncoding) {
  EXPECT_EQ(decoded("7bit", "a=3D\r\n"), "a=3D\r\n");
  EXPECT_EQ(decoded("base64", "aGVs\r\nbG8=\r\n"), "hello");
  EXPECT_EQ(decoded("base64", " a G V s\r\n\r\n"), "hel");
  EXPECT_EQ(decoded("quoted-printable", "caf=C3=A9 =\r\n x \t \r\n=\r\ny=20\r\n"), "café  x\r\ny \r\n");
  EXPECT_FALSE(decoded("base64", "a|b=\r\n"));
  EXPECT_FALSE(decoded("quoted-printable", "a=G0"));
}

TEST(Decode, ReadsTextInItsCharset) {
  const auto text = [](const std::string& charset, const std::string& body) {
    const Message message("Content-Type: text/plain" + charset + "\r\n\r\n" + body);
    return decode_text(message, scan(message).root());
  };
  EXPECT_EQ(text("; charset=iso-8859-1", "caf\xe9\r\nx\r\n"), "café\nx\n");
  EXPECT_EQ(text("; charset=windows-1252", "\x80"), "€");
  EXPECT_EQ(text("; charset=\"UTF-8\"", "é"), "é");
  EXPECT_EQ(text("", "é"), "é");
  EXPECT_EQ(text("; charset=iso-2022-jp", "\x1b$B%F%9%H\x1b(B"), "テスト");
  EXPECT_FALSE(text("; charset=utf-8", "\xe9"));
  EXPECT_FALSE(text("; charset=us-ascii", "\xe9"));
  EXPECT_FALSE(text("; charset=x-nonsense", "a"));
}

TEST(QuotedPrintable, ComesBackTheSame) {
  std::string bytes;
  for (int i = 0; i < 4000; ++i) bytes += static_cast<char>(i * 7 % 256);
  bytes += "\r\nFrom x\r\n.\r\n trailing \t\r\n=\r\n\r\n";
  const std::string encoded = encode_quoted_printable(bytes);
  EXPECT_EQ(decode_quoted_printable(encoded), bytes);
  for (std::size_t at = 0; at < encoded.size(); at = encoded.find("\r\n", at) + 2) {
    EXPECT_LE(encoded.find("\r\n", at) - at, 76U);
  }
}

TEST(Uuencode, DecodesWhatOtherToolsWrite) {
  const std::string block =
      "begin 644 x.bin\r\n"
      "M``$\"`P0%!@<(\"0H+#`T.#Q`1$A,4%187&!D:&QP='A\\@(2(C)\"4F)R@I*BLL\r\n"
      "#+2XO\r\n`\r\nend\r\n";
  std::string expected;
  for (int i = 0; i < 48; ++i) expected += static_cast<char>(i);
  EXPECT_EQ(decode_uuencoded(block), expected);
  EXPECT_FALSE(decode_uuencoded(block.substr(0, block.size() - 5)));
}

}  // namespace
}  // namespace zegel::mail
