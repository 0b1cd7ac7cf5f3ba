// Names of files and persons, wherever senders put them and however they encode them.
#include <gtest/gtest.h>

#include "mail/compose.h"
#include "mail/file_name.h"
#include "mail/header.h"
#include "mail/parameters.h"
#include "mail/structure.h"

namespace zegel::mail {
namespace {

std::string name_in(const std::string& fields) {
  return std::string(scan(Message(fields + "\r\n\r\n")).root().file_name());
}

TEST(FileName, IsReadHoweverSendersWriteIt) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"Content-Disposition: attachment; filename=a.pdf", "a.pdf"},
      {"Content-Disposition: attachment; FILENAME = \"a b.pdf\"", "a b.pdf"},
      {"Content-Disposition: attachment; filename=a b.pdf; size=3", "a b.pdf"},
      {"Content-Disposition: attachment; filename=\"a \\\"b\\\".pdf\"", "a \"b\".pdf"},
      {"Content-Disposition: attachment; filename*=utf-8'nl'caf%C3%A9.pdf", "café.pdf"},
      {"Content-Disposition: attachment; filename*=iso-8859-1''caf%E9.pdf", "café.pdf"},
      {"Content-Disposition: attachment; filename*0*=utf-8''caf%C3; filename*1*=%A9; filename*2=\".pdf\"", "café.pdf"},
      {"Content-Disposition: attachment; filename*1=b.pdf; filename*0=a", "ab.pdf"},
      {"Content-Disposition: attachment; filename=cafe.pdf; filename*=utf-8''caf%C3%A9.pdf", "café.pdf"},
      {"Content-Disposition: attachment; filename=\"=?utf-8?B?Y2Fmw6kucGRm?=\"", "café.pdf"},
      {"Content-Disposition: attachment; filename==?utf-8?Q?caf=C3=A9.pdf?=", "café.pdf"},
      {"Content-Disposition: attachment; filename=\"caf\xe9.pdf\"", "café.pdf"},
      {"Content-Type: application/pdf; name=\"=?iso-8859-1?Q?caf=E9?=\r\n =?iso-8859-1?Q?.pdf?=\"", "café.pdf"},
      {"Content-Type: application/pdf; name=b.pdf\r\nContent-Disposition: attachment; filename=a.pdf", "a.pdf"},
      {"Content-Disposition: attachment; filename*=utf-8''100%.pdf", "100%.pdf"},
      {"Content-Type: application/pdf", ""},
  };
  for (const auto& [fields, name] : cases) EXPECT_EQ(name_in(fields), name) << fields;
}

TEST(FileName, OfOurOwnComesBack) {
  for (const std::string name :
       {"bijlagen.zip", "café ☕ \"x\".pdf", "a;b,c'd.txt",
        "een heel lange naam die zeker niet op één regel past, met nog veel meer erachter.docx"}) {
    const Entity entity = Entity::file("application/octet-stream", name, "x");
    const Structure structure = scan(Message(entity.bytes()));
    EXPECT_TRUE(structure.sound()) << structure.flaws().front().why;
    EXPECT_EQ(structure.root().file_name(), name);
    Part part = structure.root();
    part.disposition_parameters.clear();  // what a reader sees that knows no RFC 2231
    EXPECT_EQ(part.file_name(), name);
  }
}

TEST(FileName, IsMadeSafe) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"a.pdf", "a.pdf"},
      {"../../etc/passwd", "passwd"},
      {"C:\\Users\\x\\a.pdf", "a.pdf"},
      {"..", ""},
      {". . .", ""},
      {"/", ""},
      {".htaccess", "_htaccess"},
      {"a\r\nb\tc\x01.pdf", "abc.pdf"},
      {"gpj\u202e.exe", "gpj.exe"},
      {"a\u200b\u2066b.pdf", "ab.pdf"},
      {"a<b>:c|d?*\".pdf", "a_b__c_d___.pdf"},
      {"CON", "_CON"},
      {"nul.txt", "_nul.txt"},
      {"com1.a.b", "_com1.a.b"},
      {"lpt9", "_lpt9"},
      {"console.txt", "console.txt"},
      {"a.pdf . ", "a.pdf"},
      {"a\u00a0b.pdf", "a b.pdf"},
      {"cafe\u0301.pdf", "café.pdf"},
      {"caf\xe9.pdf", "café.pdf"},
      {"\xef\xbf\xbe\ue000x", "x"},
  };
  for (const auto& [name, safe] : cases) EXPECT_EQ(safe_file_name(name), safe) << name;
}

TEST(FileName, IsShortenedBetweenCharactersAndKeepsItsExtension) {
  std::string name;
  for (int i = 0; i < 100; ++i) name += "é";
  const std::string safe = safe_file_name(name + ".docx");
  EXPECT_LE(safe.size(), longest_file_name);
  EXPECT_GE(safe.size(), longest_file_name - 1);
  EXPECT_TRUE(safe.ends_with("é.docx"));
  EXPECT_LE(safe_file_name(std::string(100'000, 'x')).size(), longest_file_name);
  for (int i = 0; i < 5000; ++i) name += "é";
  for (const std::string front : {"", "a"}) EXPECT_FALSE(safe_file_name(front + name + ".docx").contains("Ã"));
  EXPECT_LE(safe_file_name("a." + std::string(300, 'x')).size(), longest_file_name);
}

TEST(FileName, StaysShortWhenItIsMadeUnique) {
  UniqueNames unique;
  const std::string longest(116, 'x');
  EXPECT_EQ(unique.take(longest + ".pdf"), longest + ".pdf");
  const std::string second = unique.take(longest + ".PDF");
  EXPECT_LE(second.size(), longest_file_name);
  EXPECT_TRUE(second.ends_with(" (2).PDF"));
}

TEST(Words, AreDecoded) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"plain", "plain"},
      {"=?utf-8?Q?caf=C3=A9?=", "café"},
      {"=?UTF-8?b?Y2Fmw6k=?=", "café"},
      {"=?utf-8?B?Y2Fmw6k?=", "café"},
      {"a =?utf-8?Q?b_c?= d", "a b c d"},
      {"=?utf-8?Q?a?= =?utf-8?Q?b?=", "ab"},
      {"=?utf-8?Q?a?=\r\n =?iso-8859-1?Q?=E9?=", "aé"},
      {"=?utf-8?B?w6k=?= =?utf-8?B?w6k=?= x", "éé x"},
      {"=?utf-8?Q?=C3?= =?utf-8?Q?=A9?=", "é"},
      {"=?iso-8859-1*nl?Q?=E9?=", "é"},
      {"=?utf-8?Q?a ?=", "a "},
      {"=?", "=?"},
      {"=?utf-8?X?a?=", "=?utf-8?X?a?="},
      {"=?utf-8?B?|?=", "=?utf-8?B?|?="},
      {"=?utf-8?Q?open", "=?utf-8?Q?open"},
      {"=?x-nonsense?Q?a?=", "a"},
      {"caf\xe9", "café"},
  };
  for (const auto& [value, text] : cases) EXPECT_EQ(decode_words(value), text) << value;
}

TEST(Words, OfOurOwnComeBack) {
  std::string subject;
  for (int i = 0; i < 30; ++i) subject += "één ☕ ";
  subject += "x";
  const std::string written = field("Subject", subject);
  EXPECT_EQ(decode_words(fields(written).front().value()), subject);
}

std::string parsed(std::string_view value) {
  const auto addresses = parse_addresses(value);
  if (!addresses) return "refused: " + addresses.error().why;
  std::string out;
  for (const auto& [name, mailbox] : *addresses) out += "[" + name + "|" + mailbox.address() + "]";
  return out;
}

TEST(Addresses, AreReadInEveryFormOfRfc5322) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"", ""},
      {"jan@x.nl", "[|jan@x.nl]"},
      {"<jan@x.nl>", "[|jan@x.nl]"},
      {"Jan de Vries <jan@X.NL>, piet@y.nl", "[Jan de Vries|jan@x.nl][|piet@y.nl]"},
      {"\"Vries, Jan <de>\" <jan@x.nl>", "[Vries, Jan <de>|jan@x.nl]"},
      {"\"a \\\"b\\\"\" <jan@x.nl>", "[a \"b\"|jan@x.nl]"},
      {"J. de Vries <jan@x.nl>", "[J. de Vries|jan@x.nl]"},
      {"=?utf-8?Q?Ren=C3=A9?= <r@x.nl>", "[René|r@x.nl]"},
      {"René <r@münchen.de>", "[René|r@xn--mnchen-3ya.de]"},
      {"jan@x.nl (Jan, <b@y.nl>)", "[|jan@x.nl]"},
      {"Jan (a(b)c) < jan@x.nl >", "[Jan|jan@x.nl]"},
      {"undisclosed-recipients:;", ""},
      {"team: a@x.nl, B <b@y.nl>;, c@z.nl", "[|a@x.nl][B|b@y.nl][|c@z.nl]"},
      {"\"a b\"@x.nl", "[|\"a b\"@x.nl]"},
      {"A <\"a >b\"@x.nl>", "[A|\"a >b\"@x.nl]"},
      {", a@x.nl,, b@y.nl,", "[|a@x.nl][|b@y.nl]"},
      {"\"\" <a@x.nl>", "[|a@x.nl]"},
  };
  for (const auto& [value, result] : cases) EXPECT_EQ(parsed(value), result) << value;
}

TEST(Addresses, RefuseWhatIsAmbiguous) {
  for (const std::string_view value : {"jan",
                                       "jan@x.nl piet@y.nl",
                                       "jan@x.nl <piet@y.nl>",
                                       "<jan@x.nl> <piet@y.nl>",
                                       "<jan@x.nl> piet",
                                       "<jan@x.nl",
                                       "Jan <>",
                                       "<@a.nl,@b.nl:jan@x.nl>",
                                       "\"jan@x.nl",
                                       "jan@x.nl (open",
                                       "team: a@x.nl",
                                       "a@x.nl;",
                                       "a:b:c@x.nl;",
                                       "a: b: c@x.nl;;",
                                       "a@x.nl>",
                                       "jan @ x.nl",
                                       "jan@[192.0.2.1]",
                                       "a@x.nl: b@y.nl;",
                                       "a\\b@x.nl",
                                       "<a@x.nl<b@y.nl>",
                                       "<a@x.nl>\"b\"",
                                       ")",
                                       "(",
                                       "\"",
                                       "<"}) {
    EXPECT_TRUE(parsed(value).starts_with("refused")) << value << " " << parsed(value);
  }
}

}  // namespace
}  // namespace zegel::mail
