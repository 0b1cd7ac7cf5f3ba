#include "mail/content.h"

#include <gtest/gtest.h>

#include "mail/charset.h"
#include "mail/compose.h"
#include "mail/transfer.h"

namespace zegel::mail {
namespace {

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

TEST(Decode, ReadsLongTextsInPieces) {
  std::string latin;
  std::string japanese;
  std::string utf8;
  for (int i = 0; i < 50'000; ++i) {
    latin += "a\xe9";
    utf8 += "aé";
    japanese += "\x82\xa0";
  }
  EXPECT_EQ(to_utf8(latin, "iso-8859-1"), utf8);
  for (const std::string lead : {"", "x", "xy", "xyz"}) {
    const auto read = to_utf8(lead + japanese, "shift_jis");
    ASSERT_TRUE(read);
    EXPECT_EQ(read->size(), lead.size() + 150'000);
    EXPECT_TRUE(read->ends_with("ああ"));
  }
  EXPECT_FALSE(to_utf8(japanese + "\x82", "shift_jis"));
}

TEST(Decode, KnowsCharsetsOnlyByTheirNames) {
  for (const std::string name : {"x", "../utf-7", "/etc/passwd", "utf-16,version=1", "utf 7", "\"utf-7\""})
    EXPECT_FALSE(to_utf8("a", name)) << name;
  EXPECT_FALSE(to_utf8("a", std::string(10'000, 'x')));
  for (const std::string name : {"utf-7", "UTF-16BE", "KOI8-R", " cp1252 ", "cswindows31j"})
    EXPECT_TRUE(to_utf8("aa", name)) << name;
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
