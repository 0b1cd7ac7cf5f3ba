// The table of docs/mime.md: what senders, broken or hostile, make of MIME, and what is done with it.
#include <algorithm>

#include <gtest/gtest.h>

#include "mail/structure.h"

namespace zegel::mail {
namespace {

struct Case {
  std::string what;
  std::string message;
  std::string_view flaw;  ///< the name that must be among the flaws
  bool fatal = false;
};

std::string mixed(const std::string& type_rest, const std::string& body) {
  return "From: a@b.nl\r\nContent-Type: multipart/mixed" + type_rest + "\r\n\r\n" + body;
}

const std::string two_parts = "--b\r\n\r\nhello\r\n--b\r\nContent-Type: application/pdf\r\n\r\nx\r\n--b--\r\n";

std::string leaf(const std::string& fields, const std::string& body = "x\r\n") {
  return "From: a@b.nl\r\n" + fields + "\r\n" + body;
}

std::vector<Case> lines_and_octets() {
  return {
      {"a bare LF", "From: a@b.nl\r\n\r\na\nb\r\n", "bare-lf", true},
      {"a bare LF as the first octet", "\nFrom: a@b.nl\r\n\r\n", "bare-lf", true},
      {"a bare CR", "From: a@b.nl\r\n\r\na\rb\r\n", "bare-cr", true},
      {"a bare CR in a header", "From: a@b.nl\r\nSubject: x\rBcc: y\r\n\r\n", "bare-cr", true},
      {"a CR as the last octet", "From: a@b.nl\r\n\r\nx\r", "bare-cr", true},
      {"CR CR LF", "From: a@b.nl\r\n\r\nx\r\r\n", "bare-cr", true},
      {"both, LF first", "From: a@b.nl\r\n\r\na\nb\rc\r\n", "bare-cr", true},
      {"a NUL", std::string("From: a@b.nl\r\n\r\na\0b\r\n", 21), "nul", true},
      {"a body line of 999", "From: a@b.nl\r\n\r\n" + std::string(999, 'x') + "\r\n", "long-line"},
      {"a header line of 999", "From: a@b.nl\r\nX: " + std::string(996, 'x') + "\r\n\r\n", "header-too-big", true},
  };
}

std::vector<Case> header_fields() {
  std::string many;
  for (int i = 0; i < 1001; ++i) many += "X: y\r\n";
  return {
      {"1,001 header lines", many + "\r\n", "header-too-big", true},
      {"two Content-Type fields", leaf("Content-Type: text/plain\r\nContent-Type: multipart/mixed; boundary=b\r\n"),
       "duplicate-content-type"},
      {"two Content-Type fields in a part",
       mixed("; boundary=b", "--b\r\nContent-Type: text/plain\r\ncontent-type: application/x\r\n\r\n--b--\r\n"),
       "duplicate-content-type"},
      {"two transfer encodings", leaf("Content-Transfer-Encoding: 7bit\r\nContent-Transfer-Encoding: base64\r\n"),
       "duplicate-encoding"},
      {"two dispositions", leaf("Content-Disposition: inline\r\nContent-Disposition: attachment\r\n"),
       "duplicate-disposition"},
      {"a blank before the colon", leaf("Content-Type : multipart/mixed; boundary=b\r\n"), "space-before-colon"},
      {"a line that is no field", leaf("Content-Type: text/plain\r\nhello\r\n"), "malformed-field"},
      {"a fold before the first field", " x\r\n" + leaf(""), "malformed-field"},
      {"an mbox line", "From a@b.nl Mon Nov 23 20:01:45 2026\r\n" + leaf(""), "malformed-field"},
      {"a fold of blanks only", leaf("Subject: x\r\n \t\r\nContent-Type: text/html\r\n"), "blank-fold"},
      {"a type without a slash", leaf("Content-Type: text\r\n"), "malformed-content-type"},
      {"an empty type", leaf("Content-Type:\r\n"), "malformed-content-type"},
      {"a type in quotes", leaf("Content-Type: \"text/plain\"\r\n"), "malformed-content-type"},
      {"a type as an encoded word", leaf("Content-Type: =?us-ascii?Q?multipart/mixed?=; boundary=b\r\n"),
       "malformed-content-type"},
      {"a field's name in two lines", leaf("Content-\r\n Type: text/html\r\n"), "malformed-field"},
      {"a vertical tab in a header", leaf("Subject: x\vContent-Type: multipart/mixed; boundary=b\r\n"),
       "control-in-header"},
      {"a form feed in a part's header", mixed("; boundary=b", "--b\r\nX: y\fContent-Type: a/b\r\n\r\n--b--\r\n"),
       "control-in-header"},
      {"two Content-ID fields", leaf("Content-ID: <a@x>\r\nContent-ID: <b@x>\r\n"), "duplicate-content-id"},
      {"an unknown transfer encoding", leaf("Content-Transfer-Encoding: x-yenc\r\n"), "unknown-encoding"},
      {"an empty transfer encoding", leaf("Content-Transfer-Encoding:\r\n"), "unknown-encoding"},
      {"a transfer encoding in quotes", leaf("Content-Transfer-Encoding: \"base64\"\r\n"), "unknown-encoding"},
      {"a transfer encoding with a comment", leaf("Content-Transfer-Encoding: base64 (x)\r\n"), "unknown-encoding"},
      {"a transfer encoding with more behind it", leaf("Content-Transfer-Encoding: base64 7bit\r\n"),
       "unknown-encoding"},
      {"a comment in the type", leaf("Content-Type: text/(x)plain\r\n"), "comment-in-mime-field"},
      {"a comment before the boundary", mixed("; (x) boundary=b", two_parts), "comment-in-mime-field"},
      {"a quote left open", leaf("Content-Type: text/plain; name=\"x\r\n"), "open-quote"},
  };
}

std::vector<Case> parameters() {
  std::string many;
  for (int i = 0; i < 10'000; ++i) many += ";\r\n p" + std::to_string(i) + "=x";
  std::string within;
  for (int i = 0; i < 101; ++i) within += ";\r\n p" + std::to_string(i) + "=x";
  return {
      {"10,000 parameters", leaf("Content-Type: text/plain" + many + "\r\n"), "header-too-big", true},
      {"101 parameters", leaf("Content-Type: text/plain" + within + "\r\n"), "too-many-parameters"},
      {"no boundary", mixed("", two_parts), "no-boundary"},
      {"an empty boundary", mixed("; boundary=\"\"", two_parts), "no-boundary"},
      {"two boundaries", mixed("; boundary=b; boundary=c", two_parts), "duplicate-boundary"},
      {"the same boundary twice", mixed("; boundary=b; boundary=b", two_parts), "duplicate-boundary"},
      {"a boundary of RFC 2231", mixed("; boundary*=us-ascii''b", two_parts), "encoded-boundary"},
      {"a boundary in pieces", mixed("; boundary*0=\"b\"; boundary*1=\"\"", two_parts), "encoded-boundary"},
      {"plain and encoded boundary", mixed("; boundary=c; boundary*=us-ascii''b", two_parts), "encoded-boundary"},
      {"a semicolon in the boundary", mixed("; boundary=\"a;b\"", "--a;b\r\n\r\nx\r\n--a;b--\r\n"), "odd-boundary"},
      {"a backslash in the boundary", mixed("; boundary=\"\\b\"", two_parts), "odd-boundary"},
      {"a blank after the boundary", mixed("; boundary=\"b \"", two_parts), "odd-boundary"},
      {"a boundary over 70", mixed("; boundary=" + std::string(71, 'x'), two_parts), "odd-boundary"},
      {"a boundary of 8bit", mixed("; boundary=\"\xe9\"", two_parts), "odd-boundary"},
      {"a boundary as an encoded word", mixed("; boundary=\"=?us-ascii?Q?b?=\"", two_parts), "odd-boundary"},
      {"a boundary in single quotes", mixed("; boundary='b'", "--'b'\r\n\r\nx\r\n--'b'--\r\n"), "odd-boundary"},
      {"a boundary in two lines", mixed("; boundary=\"b\r\n c\"", "--b c\r\n\r\nx\r\n--b c--\r\n"), "odd-boundary"},
      {"a comma after a boundary", mixed("; boundary=b, charset=x", two_parts), "junk-in-mime-field"},
      {"a quote in the middle of a boundary", mixed("; boundary=b\"c\"", two_parts), "junk-in-mime-field"},
      {"blanks in an unquoted boundary", mixed("; boundary=b c", two_parts), "junk-in-mime-field"},
      {"two charsets", leaf("Content-Type: text/plain; charset=a; charset=b\r\n"), "duplicate-parameter"},
      {"two names", leaf("Content-Disposition: attachment; filename=a.txt; filename=b.exe\r\n"), "duplicate-parameter"},
      {"a name's piece twice", leaf("Content-Disposition: attachment; filename*0=a; filename*0=b\r\n"),
       "duplicate-parameter"},
  };
}

std::vector<Case> multiparts() {
  const std::string inner = "--b\r\nContent-Type: multipart/mixed; boundary=";
  return {
      {"no close", mixed("; boundary=b", "--b\r\n\r\nhello\r\n"), "missing-close"},
      {"no delimiter at all", mixed("; boundary=c", two_parts), "missing-close"},
      {"an inner multipart unclosed",
       mixed("; boundary=b", inner + "c\r\n\r\n--c\r\n\r\nx\r\n--b\r\n\r\ny\r\n--b--\r\n"), "missing-close"},
      {"closed before any part", mixed("; boundary=b", "--b--\r\n"), "no-parts"},
      {"a part after the close", mixed("; boundary=b", two_parts + "--b\r\n\r\nhidden\r\n--b--\r\n"),
       "part-after-close"},
      {"closed twice", mixed("; boundary=b", two_parts + "--b--\r\n"), "part-after-close"},
      {"text after the close", mixed("; boundary=b", two_parts + "hidden\r\n"), "leftovers"},
      {"text after an inner close",
       mixed("; boundary=b", inner + "c\r\n\r\n--c\r\n\r\nx\r\n--c--\r\nhidden\r\n--b--\r\n"), "leftovers"},
      {"a part of another boundary before the first",
       mixed("; boundary=b", "--c\r\nContent-Type: application/pdf\r\n\r\nx\r\n--c--\r\n" + two_parts),
       "part-in-preamble"},
      {"a uuencoded file before the first part",
       mixed("; boundary=b", "begin 644 x\r\n#86)C\r\n`\r\nend\r\n" + two_parts), "part-in-preamble"},
      {"a delimiter in another case", mixed("; boundary=b", "--b\r\n\r\nx\r\n--B\r\n\r\nhidden\r\n--b--\r\n"),
       "boundary-prefix"},
      {"a delimiter that goes on", mixed("; boundary=b", "--b\r\n\r\nx\r\n--bc\r\n\r\nhidden\r\n--b--\r\n"),
       "boundary-prefix"},
      {"a close delimiter that goes on", mixed("; boundary=b", "--b\r\n\r\nx\r\n--b--x\r\n--b--\r\n"),
       "boundary-prefix"},
      {"an inner boundary that begins like the outer",
       mixed("; boundary=b", inner + "bc\r\n\r\n--bc\r\n\r\nx\r\n--bc--\r\n--b--\r\n"), "boundary-prefix"},
      {"an inner boundary that the outer begins with",
       mixed("; boundary=bc",
             "--bc\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nx\r\n--b--\r\n--bc--\r\n"),
       "boundary-prefix"},
      {"an inner boundary the same as the outer", mixed("; boundary=b", inner + "b\r\n\r\n--b\r\n\r\nx\r\n--b--\r\n"),
       "same-boundary"},
      {"a part without a blank line", mixed("; boundary=b", "--b\r\nContent-Type: text/html\r\n--b--\r\n"),
       "missing-blank-line"},
      {"a part without a header or blank line", mixed("; boundary=b", "--b\r\nhello\r\n\r\nx\r\n--b--\r\n"),
       "malformed-field"},
      {"a multipart in base64",
       leaf("Content-Type: multipart/mixed; boundary=b\r\nContent-Transfer-Encoding: base64\r\n", two_parts),
       "encoded-multipart"},
      {"a message in base64", leaf("Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n", "eA==\r\n"),
       "encoded-message"},
      {"a message in pieces", leaf("Content-Type: message/partial; id=x; number=1; total=2\r\n"), "message-partial"},
      {"a body kept elsewhere", leaf("Content-Type: message/external-body; access-type=URL\r\n"), "external-body"},
  };
}

std::vector<Case> encodings() {
  const std::string base64 = "Content-Transfer-Encoding: base64\r\n";
  const std::string quoted = "Content-Transfer-Encoding: quoted-printable\r\n";
  return {
      {"base64 that is none", leaf(base64, "hello, world\r\n"), "lying-encoding"},
      {"base64 that goes on after its padding", leaf(base64, "eA==\r\neA==\r\n"), "lying-encoding"},
      {"base64 cut short", leaf(base64, "eHh4e\r\n"), "lying-encoding"},
      {"base64 with a dash", leaf(base64, "eHh-\r\n"), "lying-encoding"},
      {"base64 with padding in the middle", leaf(base64, "eA==eHh4\r\n"), "lying-encoding"},
      {"base64 of too much padding", leaf(base64, "e===\r\n"), "lying-encoding"},
      {"uuencode that is none", leaf("Content-Transfer-Encoding: x-uuencode\r\n", "hello\r\n"), "lying-encoding"},
      {"uuencode with text before it",
       leaf("Content-Transfer-Encoding: x-uuencode\r\n", "hi\r\nbegin 644 x\r\n#86)C\r\n`\r\nend\r\n"),
       "lying-encoding"},
      {"uuencode without an end", leaf("Content-Transfer-Encoding: x-uuencode\r\n", "begin 644 x\r\n#86)C\r\n"),
       "lying-encoding"},
      {"quoted-printable with a bare =", leaf(quoted, "a=b\r\n"), "lying-encoding"},
      {"quoted-printable of 8bit", leaf(quoted, "\xe9\r\n"), "lying-encoding"},
      {"7bit that is 8bit", leaf("Content-Transfer-Encoding: 7bit\r\n", "\xe9\r\n"), "8bit-in-7bit"},
  };
}

void expect_flaws(const std::vector<Case>& cases) {
  for (const Case& c : cases) {
    const Structure structure = scan(Message(c.message));
    std::string names;
    for (const Flaw& flaw : structure.flaws()) names += std::string(flaw.name) + " ";
    const auto found = std::ranges::find(structure.flaws(), c.flaw, &Flaw::name);
    ASSERT_NE(found, structure.flaws().end()) << c.what << ": wanted " << c.flaw << ", found " << names;
    EXPECT_EQ(structure.fatal() != nullptr, c.fatal) << c.what << ": " << names;
    EXPECT_NE(found->why.find("line"), std::string::npos) << c.what << ": " << found->why;
  }
}

TEST(Hostile, LinesAndOctetsAreRefused) { expect_flaws(lines_and_octets()); }
TEST(Hostile, HeaderFieldsThatReadersTakeDifferentlyAreNamed) { expect_flaws(header_fields()); }
TEST(Hostile, ParametersThatReadersTakeDifferentlyAreNamed) { expect_flaws(parameters()); }
TEST(Hostile, MultipartsThatReadersTakeDifferentlyAreNamed) { expect_flaws(multiparts()); }
TEST(Hostile, TransferEncodingsThatLieAreNamed) { expect_flaws(encodings()); }

TEST(Hostile, WhatIsOnlyUnusualIsSound) {
  const std::vector<std::string> messages = {
      mixed("; boundary=b", two_parts),
      mixed("; boundary=b", "This is a multi-part message in MIME format.\r\n" + two_parts + "\r\n\r\n"),
      mixed("; boundary=\"b\"; type=\"text/html\"", two_parts),
      mixed(";\r\n\tboundary=\"b\"", two_parts),
      mixed(";boundary=----=_Part_1/2:3", "------=_Part_1/2:3\r\n\r\nx\r\n------=_Part_1/2:3--\r\n"),
      mixed("; boundary=b;", "--b  \r\n\r\nhello\r\n--b--\t\r\n"),
      mixed("; boundary=b", "--b\r\n\r\nhello\r\n--b--"),
      mixed("; boundary=b", "--b\r\n\r\n-- \r\nsignature\r\n--c\r\n--b--\r\n"),
      leaf("Content-Type: text/plain; name=a b.txt\r\n"),
      leaf("Content-Disposition: attachment; filename=\"a.txt\"; filename*=utf-8''b.txt\r\n"),
      leaf("", "\xc3\xa9\r\n"),
      leaf("Content-Transfer-Encoding: BASE64\r\n", "eHh4\r\neA==\r\n\r\n"),
      leaf("Content-Transfer-Encoding: quoted-printable\r\n", "a=3D=\r\nb= \r\n=3d\r\n"),
      "From: a@b.nl\r\nX: " + std::string(995, 'x') + "\r\n\r\n" + std::string(998, 'x') + "\r\n",
  };
  for (const std::string& message : messages) {
    const Structure structure = scan(Message(message));
    EXPECT_TRUE(structure.sound()) << message << structure.flaws().front().why;
  }
}

TEST(Hostile, DeeperThanTheBoundIsOneOpaqueBody) {
  std::string message = "From: a@b.nl\r\n";
  for (int i = 0; i < 60; ++i) {
    const std::string b = "b" + std::to_string(i) + "x";
    message += "Content-Type: multipart/mixed; boundary=" + b + "\r\n\r\n--" + b + "\r\n";
  }
  const Structure structure = scan(Message(message + "\r\n"));
  EXPECT_EQ(structure.flaws().front().name, "too-deep");
  EXPECT_EQ(structure.parts().size(), 51U);
  EXPECT_EQ(structure.parts().back().depth, 50U);
}

TEST(Hostile, MoreFlawsThanWorthTellingAreLeftOut) {
  std::string body;
  for (int i = 0; i < 500; ++i) body += "--bx\r\n";
  EXPECT_LE(scan(Message(mixed("; boundary=b", body))).flaws().size(), 21U);
}

}  // namespace
}  // namespace zegel::mail
