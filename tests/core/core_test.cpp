#include <set>

#include <gtest/gtest.h>

#include "core/aead.h"
#include "core/base64.h"
#include "core/digest.h"
#include "core/random.h"
#include "core/terms.h"
#include "core/text.h"
#include "core/time.h"

namespace zegel {
namespace {

using namespace std::chrono_literals;

Time at(std::chrono::year_month_day day, seconds of_day) { return std::chrono::sys_days(day) + of_day; }

TEST(MailDate, IsTheDateTimeOfRfc5322) {
  using namespace std::chrono;
  EXPECT_EQ(mail_date(at(2026y / November / 23, 20h + 1min + 45s)), "Mon, 23 Nov 2026 20:01:45 +0000");
  EXPECT_EQ(iso_time(at(2026y / January / 3, 4s)), "2026-01-03T00:00:04Z");
}

TEST(Duration, ReadsEveryUnitAndNothingElse) {
  EXPECT_EQ(parse_duration("30m"), 30min);
  EXPECT_EQ(parse_duration("5d"), std::chrono::days(5));
  EXPECT_EQ(parse_duration("0s"), 0s);
  for (const char* bad : {"", "5", "m", "-5m", "5 m", "5x", "5mm", "1.5h", "99999999999999999999s", "9999999999w"}) {
    EXPECT_FALSE(parse_duration(bad)) << bad;
  }
}

TEST(Duration, IsWrittenInTheLargestUnitThatFits) {
  EXPECT_EQ(duration_text(30min), "30m");
  EXPECT_EQ(duration_text(std::chrono::days(5)), "5d");
  EXPECT_EQ(duration_text(90s), "90s");
  EXPECT_EQ(duration_text(0s), "0s");
}

TEST(Text, TellsUtf8FromOtherBytes) {
  EXPECT_TRUE(text::is_utf8("dossier é €  𝄞"));
  for (const char* bad : {"\xC0\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xE2\x82", "\x80", "\xFF"}) {
    EXPECT_FALSE(text::is_utf8(bad));
  }
}

TEST(Text, SplitsAtEverySeparator) {
  EXPECT_EQ(text::split("a,,b", ','), (std::vector<std::string_view>{"a", "", "b"}));
  EXPECT_EQ(text::split("", ','), (std::vector<std::string_view>{""}));
}

TEST(Size, ReadsBytesAndTheirMultiples) {
  EXPECT_EQ(text::parse_size("50 MB"), 50u << 20);
  EXPECT_EQ(text::parse_size("16KB"), 16u << 10);
  EXPECT_EQ(text::parse_size("123"), 123u);
  for (const char* bad : {"", "MB", "-1 MB", "1.5 MB", "5 TB", "99999999999 GB"})
    EXPECT_FALSE(text::parse_size(bad)) << bad;
}

TEST(Nearest, FindsTheWordThatWasMeant) {
  EXPECT_EQ(text::nearest("relais", {"relay", "direct", "retry"}), "relay");
  EXPECT_EQ(text::nearest("zzzzzz", {"relay", "direct", "retry"}), "");
}

TEST(Base64, AgreesWithRfc4648) {
  EXPECT_EQ(base64::encode(""), "");
  EXPECT_EQ(base64::encode("foob"), "Zm9vYg==");
  EXPECT_EQ(base64::decode("Zm9vYg=="), "foob");
  EXPECT_EQ(base64::decode("Zm9vYmE="), "fooba");
}

TEST(Base64, TakesNothingButItsAlphabet) {
  for (const char* bad : {"Zm9", "Zm9v|g==", " Zm9", "Zm9v\r\n", "====", "Zg=v"})
    EXPECT_FALSE(base64::decode(bad)) << bad;
}

TEST(Base64, ComesBackTheSameAtEveryLength) {
  for (std::size_t size = 0; size < 260; ++size) {
    const std::string bytes = random_bytes(size);
    EXPECT_EQ(base64::decode(base64::encode(bytes)), bytes);
    EXPECT_EQ(base64::decode_lines(base64::encode_lines(bytes)), bytes);
  }
}

TEST(Base64, ReadsLinesHoweverTheyAreBroken) {
  for (const char* lines : {"Zm9vYmFy", "Zm9v\r\nYmFy\r\n", "Zm9v\nYmFy\n\n", " Zm9v \r\n\tYmFy",
                            "Z\nm\n9\nv\nY\nm\nF\ny", "Zm9vY\r\nmFy\r\n", "Zm 9v\r\nYm Fy"}) {
    EXPECT_EQ(base64::decode_lines(lines), "foobar") << lines;
  }
  for (const char* bad : {"Zm9v\r\nYmF", "Zm9v\r\nYm|y", "Zg==\r\nZm9v", "Zm9v\r\n=", "Zm9v\r\nYm=y"}) {
    EXPECT_FALSE(base64::decode_lines(bad)) << bad;
  }
}

TEST(Base64, WritesLinesOf76) {
  const std::string lines = base64::encode_lines(std::string(100, 'x'));
  EXPECT_EQ(lines.find("\r\n"), 76u);
  EXPECT_TRUE(lines.ends_with("\r\n"));
  EXPECT_EQ(lines.size(), 76u + 2 + 60 + 2);
}

TEST(Digest, AgreesWithKnownVectors) {
  EXPECT_EQ(text::hex(sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(text::hex(keyed_hash("Jefe", "what do ya want for nothing?")),  // RFC 4231, case 2
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

TEST(Aead, OpensWhatItLocked) {
  const Secret key(std::string(32, 'k'));
  const std::string locked = aead::lock(key, "canary", "row 1");
  EXPECT_EQ(locked.size(), 6 + aead::overhead);
  EXPECT_EQ(locked.find("canary"), std::string::npos);
  EXPECT_EQ(aead::unlock(key, locked, "row 1"), "canary");
}

TEST(Aead, RefusesOtherKeysOtherRowsAndChangedBytes) {
  const Secret key(std::string(32, 'k'));
  std::string locked = aead::lock(key, "canary", "row 1");
  EXPECT_FALSE(aead::unlock(Secret(std::string(32, 'j')), locked, "row 1"));
  EXPECT_FALSE(aead::unlock(key, locked, "row 2"));
  EXPECT_FALSE(aead::unlock(key, locked.substr(0, 20), "row 1"));
  locked[15] = static_cast<char>(locked[15] ^ 1);
  EXPECT_FALSE(aead::unlock(key, locked, "row 1"));
}

TEST(Aead, NeverMakesTheSameBytesTwice) {
  const Secret key(std::string(32, 'k'));
  EXPECT_NE(aead::lock(key, "same", ""), aead::lock(key, "same", ""));
}

TEST(Reference, IsTenUnmistakableCharacters) {
  std::set<std::string> seen;
  for (int i = 0; i < 1'000; ++i) {
    const std::string reference = new_reference();
    EXPECT_EQ(parse_reference(reference), reference);
    seen.insert(reference);
  }
  EXPECT_EQ(seen.size(), 1'000u);
}

TEST(Reference, MendsWhatPeopleMistype) {
  EXPECT_EQ(parse_reference(" 7k3qx9m2to "), "7K3QX9M2T0");
  EXPECT_EQ(parse_reference("7K3QX9M2T"), "");
  EXPECT_EQ(parse_reference("7K3QX9M2T'"), "");
}

TEST(RandomBelow, StaysBelow) {
  for (int i = 0; i < 1'000; ++i) EXPECT_LT(random_below(6), 6u);
  EXPECT_EQ(random_below(1), 0u);
}

TEST(Terms, HaveOneSpellingEach) {
  EXPECT_EQ(to_text(Method::zip_attachments), "zip-attachments");
  EXPECT_EQ(from_text<Method>("zip-attachments"), Method::zip_attachments);
  EXPECT_FALSE(from_text<Method>("ZIP"));
}

}  // namespace
}  // namespace zegel
