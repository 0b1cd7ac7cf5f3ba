// What counts as an attachment: the second table of docs/mime.md, row for row.
#include <gtest/gtest.h>

#include "mail/content.h"

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

struct Case {
  std::string what;
  std::string message;
  std::string sorted;
};

void expect_sorted(const std::vector<Case>& cases) {
  for (const Case& c : cases) EXPECT_EQ(sorted(c.message), c.sorted) << c.what;
}

TEST(SortContent, KnowsTheHabitsOfMailPrograms) {
  const std::string apple_pdf =
      part("Content-Type: application/pdf; name=b.pdf\r\nContent-Disposition: inline; filename=b.pdf\r\n", "x");
  const std::string photo =
      part("Content-Type: image/jpeg; name=IMG_1.jpeg\r\nContent-Disposition: inline; filename=IMG_1.jpeg\r\n", "x");
  const std::string invite = part("Content-Type: text/calendar; method=REQUEST; charset=utf-8\r\n", "BEGIN:VCALENDAR");
  const std::string inner = multi("related", "r", {html, image("logo")});
  expect_sorted({
      {"iOS: a photo between two texts", multi("mixed", "b", {plain, photo, plain}),
       "body 1 inlined files 2:IMG_1.jpeg 3:file-2.txt"},
      {"Apple Mail: a file inside the html alternative",
       multi("alternative", "a", {plain, multi("mixed", "m", {html, apple_pdf, html})}),
       "body 1 3 inlined files 4:b.pdf 5:file-2.html"},
      {"Outlook: an invitation as an alternative", multi("alternative", "a", {plain, html, invite}),
       "body 1 2 inlined files 3:file-1.ics"},
      {"Outlook: an invitation twice", multi("mixed", "m", {multi("alternative", "a", {plain, html, invite}), invite}),
       "body 2 3 inlined files 4:file-1.ics 5:file-2.ics"},
      {"Outlook: rich text", multi("mixed", "m", {plain, part("Content-Type: application/ms-tnef\r\n", "x")}),
       "body 1 inlined files 2:file-1.dat"},
      {"Outlook: rich text by its name only",
       multi("mixed", "m", {plain, part("Content-Type: application/octet-stream; name=winmail.dat\r\n", "x")}),
       "body 1 inlined files 2:winmail.dat"},
      {"Thunderbird: a logo with the html, a file beside them",
       multi("mixed", "m", {multi("alternative", "a", {plain, inner}), pdf}), "body 2 4 inlined 5 files 6:a.pdf"},
      {"an alternative of its own inside related",
       multi("related", "r", {multi("alternative", "a", {plain, html}), image("logo")}), "body 2 3 inlined 4 files"},
      {"a footer of a mailing list", multi("mixed", "m", {plain, plain}), "body 1 inlined files 2:file-1.txt"},
      {"only a file, no text", multi("mixed", "m", {pdf}), "body inlined files 1:a.pdf"},
      {"a scanner's text with a name", multi("mixed", "m", {part("Content-Type: text/plain; name=scan.txt\r\n", "x")}),
       "body inlined files 1:scan.txt"},
      {"a message of one opaque signature", "Content-Type: application/pkcs7-mime; smime-type=signed-data\r\n\r\nx\r\n",
       "body inlined files 0:file-1.bin"},
      {"a delivery report",
       multi("report", "b",
             {plain, part("Content-Type: message/delivery-status\r\n", "x"),
              part("Content-Type: text/rfc822-headers\r\n", "x")}),
       "body 1 inlined files 2:file-1.bin 3:file-2.txt"},
      {"a digest", multi("digest", "b", {"\r\nSubject: x\r\n\r\ny\r\n"}), "body inlined files 1:file-1.eml"},
  });
}

TEST(SortContent, BelievesOnlyADispositionThatItKnows) {
  for (const std::string disposition : {"attachment", "ATTACHMENT", "\"attachment\"", "form-data", "filename=\"x\"",
                                        "=?us-ascii?Q?attachment?=", "inline-ish"}) {
    const std::string held = part("Content-Type: text/plain\r\nContent-Disposition: " + disposition + "\r\n", "x");
    EXPECT_EQ(sorted(multi("mixed", "b", {held})), "body inlined files 1:file-1.txt") << disposition;
  }
  EXPECT_EQ(sorted(part("Content-Disposition: Inline\r\n", "x")), "body 0 inlined files");
  EXPECT_EQ(sorted(part("Content-Disposition:\r\n", "x")), "body 0 inlined files");
}

TEST(SortContent, TakesATextForAFileWhereverItsNameStands) {
  for (const std::string field :
       {"Content-Type: text/plain; name=a.txt", "Content-Type: text/plain; filename=a.txt",
        "Content-Disposition: inline; filename=a.txt", "Content-Disposition: inline; name=a.txt",
        "Content-Disposition: inline; filename*=utf-8''a.txt", "Content-Type: text/plain; name*0=a; name*1=.txt"}) {
    EXPECT_EQ(sorted(part(field + "\r\n", "x")), "body inlined files 0:a.txt") << field;
  }
}

TEST(SortContent, OpensRelatedPartsAtTheirStart) {
  const std::string root = part("Content-Type: text/html\r\nContent-ID: <root@x>\r\n", "x");
  expect_sorted({
      {"the second", multi("related; start=\"<root@x>\"", "b", {plain, root}), "body 2 inlined files 1:file-1.txt"},
      {"one that is not there", multi("related; start=\"<none@x>\"", "b", {plain, root}),
       "body 1 inlined files 2:file-1.html"},
      {"without brackets", multi("related; start=\"root@x\"", "b", {plain, root}), "body 2 inlined files 1:file-1.txt"},
      {"of another multipart", multi("mixed; start=\"<root@x>\"", "b", {plain, root}),
       "body 1 inlined files 2:file-1.html"},
  });
}

TEST(SortContent, TakesAnImageForAFileWhenItsPlaceIsInDoubt) {
  std::string held = image("logo");
  held.insert(0, "Content-Disposition: attachment\r\n");
  const std::string also_logo = part("Content-Type: application/pdf\r\nContent-ID: <logo@x>\r\n", "x");
  const std::string link = part("Content-Type: text/html\r\n", "<a href=\"cid:logo@x\">x</a> src=cid:logo@x");
  const std::string forwarded = part("Content-Type: message/rfc822\r\n", multi("related", "i", {html, image("logo")}));
  expect_sorted({
      {"said to be an attachment", multi("related", "b", {html, held}), "body 1 inlined files 2:logo.png"},
      {"two of one name", multi("related", "b", {html, image("logo"), image("logo")}),
       "body 1 inlined files 2:logo.png 3:logo (2).png"},
      {"another file of that name", multi("related", "b", {html, image("logo"), also_logo}),
       "body 1 inlined files 2:logo.png 3:file-2.pdf"},
      {"only linked to", multi("related", "b", {link, image("logo")}), "body 1 inlined files 2:logo.png"},
      {"beside a forwarded message with the same one", multi("mixed", "b", {html, image("logo"), forwarded}),
       "body 1 inlined 2 files 3:file-1.eml"},
      {"inside a forwarded message", multi("mixed", "b", {html, forwarded}), "body 1 inlined files 2:file-1.eml"},
  });
}

TEST(SortContent, TakesATextThatCarriesAFileForAFile) {
  const std::vector<std::string> carrying = {
      "begin 644 a.doc\r\n#86)C\r\n`\r\nend",
      "text\r\nbegin 0644 a.doc\r\nM\r\n`\r\nend",  // its blanks, which are zeros, got lost
      "begin 644\r\n#86)C\r\n`\r\nend",
      "begin-base64 644 a.doc\r\nYWJj\r\n====",
      "=ybegin line=128 size=3 name=a.doc\r\nxyz\r\n=yend size=3",
      "(This file must be converted with BinHex 4.0)\r\n:x:",
      "--x\r\nContent-Type: application/pdf\r\n\r\nx\r\n--x--",
      "text\r\n--x\r\nMIME-Version: 1.0\r\ncontent-disposition: attachment\r\n\r\nx",
  };
  for (const std::string& body : carrying) {
    EXPECT_EQ(sorted("From: a@b.nl\r\n\r\n" + body + "\r\n"), "body inlined files 0:file-1.txt") << body;
    EXPECT_EQ(sorted("Content-Type: text/html\r\n\r\n" + body + "\r\n"), "body inlined files 0:file-1.html") << body;
  }
  const std::vector<std::string> harmless = {"begin 644 is how it starts\r\nand this is not data",
                                             "begin at 8",
                                             "> --x\r\n> Content-Type: application/pdf",
                                             "-- \r\nContent-manager Jan",
                                             "--\r\n\r\nContent-Type: x",
                                             "=ybegin",
                                             "--x\r\ntext about Content-Type: x"};
  for (const std::string& body : harmless) {
    EXPECT_EQ(sorted("From: a@b.nl\r\n\r\n" + body + "\r\n"), "body 0 inlined files") << body;
  }
}

}  // namespace
}  // namespace zegel::mail
