#include <gtest/gtest.h>

#include "core/base64.h"
#include "core/random.h"
#include "seal/armor.h"
#include "seal/base64_sink.h"
#include "seal/crc24.h"
#include "seal/packets.h"
#include "seal/pgp_check.h"
#include "seal/pgp_ring.h"
#include "seal/web_key.h"

namespace zegel::seal {
namespace {

using namespace std::string_literals;

TEST(Base64Sink, WritesWhatTheEncoderWritesWhateverThePieces) {
  for (const std::size_t size : {0U, 1U, 2U, 3U, 56U, 57U, 58U, 113U, 114U, 14'591U, 14'592U, 14'593U, 100'000U}) {
    const std::string bytes = random_bytes(size);
    for (const std::size_t piece : {std::size_t{7}, std::size_t{1000}, std::size_t{14'592}, size + 1}) {
      std::string out = "before ";
      Base64Sink sink(out);
      for (std::size_t at = 0; at < size; at += piece) sink.write(std::string_view(bytes).substr(at, piece));
      sink.finish();
      EXPECT_EQ(out, "before " + base64::encode_lines(bytes)) << size << " in pieces of " << piece;
      EXPECT_LE(out.size(), 7 + base64_size(size));
    }
  }
}

TEST(Armor, IsTakenOffAgain) {
  const std::string bytes = random_bytes(1000);
  std::string text;
  pgp::armor(bytes, text);
  EXPECT_EQ(pgp::dearmor(text, "MESSAGE").value(), bytes);
  EXPECT_FALSE(pgp::dearmor(text, "PUBLIC KEY BLOCK"));
  EXPECT_FALSE(pgp::dearmor("In clear: x\r\n" + text, "MESSAGE"));
  EXPECT_FALSE(pgp::dearmor(text + "In clear: x\r\n", "MESSAGE"));
  EXPECT_FALSE(pgp::dearmor(text.substr(0, text.size() / 2), "MESSAGE"));
  EXPECT_FALSE(pgp::dearmor("", "MESSAGE"));
}

/// Bit by bit, as the RFC spells it out.
std::uint32_t slow_crc24(std::string_view bytes) {
  std::uint32_t crc = 0xB704CE;
  for (const char c : bytes) {
    crc ^= static_cast<std::uint32_t>(static_cast<unsigned char>(c)) << 16;
    for (int bit = 0; bit < 8; ++bit) {
      crc <<= 1;
      if ((crc & 0x1000000) != 0) crc ^= 0x1864CFB;
    }
  }
  return crc;
}

TEST(Crc24, IsThatOfTheRfcWhateverTheSize) {
  EXPECT_EQ(pgp::crc24(""), 0xB704CEU);
  EXPECT_EQ(pgp::crc24("123456789"), 0x21CF02U);  // the check value of CRC-24/OPENPGP
  std::string bytes;
  for (std::uint32_t i = 0; i < 700; ++i) {
    EXPECT_EQ(pgp::crc24(bytes), slow_crc24(bytes)) << i;
    bytes += static_cast<char>(i * 2654435761U >> 24);
  }
}

/// What `gpg --enarmor` writes. Without the sum gpg 2.2 reads on into the last line when the data need no padding.
TEST(Armor, EndsInTheChecksumThatGpgWrites) {
  const std::pair<std::string, std::string> vectors[] = {
      {"abc", "=uhx7"}, {"abcd", "=S2Mq"}, {"abcdefghijk", "=XaBM"}, {"0123456789abcdefghijklmnopqrstuvwxyz", "=mJYt"}};
  for (const auto& [bytes, sum] : vectors) {
    std::string text;
    pgp::armor(bytes, text);
    EXPECT_TRUE(text.ends_with("\r\n" + sum + "\r\n-----END PGP MESSAGE-----\r\n")) << text;
  }
}

TEST(Armor, ChecksTheChecksumWhereThereIsOne) {
  const std::string head = "-----BEGIN PGP MESSAGE-----\nVersion: 1\n\n";
  EXPECT_EQ(pgp::dearmor(head + "eIA=\n=M4h1\n-----END PGP MESSAGE-----\n", "MESSAGE").has_value(), false);
  EXPECT_TRUE(pgp::dearmor(head + "eIA=\n-----END PGP MESSAGE-----\n", "MESSAGE"));
}

PgpKey key_with(const std::string& subkey) {
  PgpKey key;
  key.subkeys.push_back({subkey});
  return key;
}

/// A PKESK of version 3 for an id of eight times this octet, and a SEIPD of version 1.
std::string pkesk(char octet) { return "\xC1\x0D\x03"s + std::string(8, octet) + "\x01\x00\x01\x01"s; }
const std::string seipd =
    "\xD2\x05\x01"
    "abcd"s;

TEST(MessageCheck, TakesOneKeyEachAndProtectedDataAndNothingElse) {
  const PgpKey a = key_with("AAAAAAAAAAAAAAAA");
  const PgpKey b = key_with("BBBBBBBBBBBBBBBB");
  EXPECT_TRUE(check_message(pkesk('\xAA') + seipd, {&a}, 3));
  EXPECT_TRUE(check_message(pkesk('\xBB') + pkesk('\xAA') + seipd, {&a, &b}, 3));
  EXPECT_FALSE(check_message(pkesk('\xAA') + seipd, {&a, &b}, 3)) << "a key is missing";
  EXPECT_FALSE(check_message(pkesk('\xAA') + pkesk('\xBB') + seipd, {&a}, 3)) << "one key too many";
  EXPECT_FALSE(check_message(pkesk('\xAA') + pkesk('\xAA') + seipd, {&a}, 3)) << "twice";
  EXPECT_FALSE(check_message(pkesk('\xCC') + seipd, {&a}, 3)) << "another key";
  EXPECT_FALSE(check_message(pkesk('\xAA') + seipd, {&a}, 100)) << "too little in it";
  EXPECT_FALSE(check_message(pkesk('\xAA') + "\xC9\x03"
                                             "abc"s,
                             {&a}, 0))
      << "no integrity protection";
  EXPECT_FALSE(check_message(pkesk('\xAA') + "\xD4\x05\x01"
                                             "abcd"s,
                             {&a}, 0))
      << "OCB of GnuPG";
  EXPECT_FALSE(check_message(pkesk('\xAA') +
                                 "\xCB\x03"
                                 "abc"s +
                                 seipd,
                             {&a}, 0))
      << "something readable";
  EXPECT_FALSE(check_message(pkesk('\xAA') + seipd +
                                 "\xCB\x03"
                                 "abc"s,
                             {&a}, 0));
  EXPECT_FALSE(check_message(pkesk('\xAA') + seipd.substr(0, 4), {&a}, 0)) << "cut short";
  EXPECT_FALSE(check_message("CANARY in clear", {&a}, 0));
  EXPECT_FALSE(check_message("", {&a}, 0));
}

TEST(Packets, JoinsPartialLengths) {
  const auto all = pgp::packets(
      "\xD2\xE1"
      "\x01x"
      "\xE0y"
      "\x02zz"s);
  ASSERT_TRUE(all);
  EXPECT_EQ(all->at(0).size, 5U);
  EXPECT_FALSE(
      pgp::packets("\xD2\xE1"
                   "\x01x"s))
      << "no last piece";
}

TEST(WebKeyDirectory, ReckonsTheAddressOfTheDraft) {
  const auto places = web_key_places(mail::parse_mailbox("Joe.Doe@Example.ORG").value());
  EXPECT_EQ(places.advanced,
            "https://openpgpkey.example.org/.well-known/openpgpkey/example.org/hu/"
            "iy9q119eutrkn8s1mk4r39qejnbu3n5q?l=Joe.Doe");
  EXPECT_EQ(places.direct, "https://example.org/.well-known/openpgpkey/hu/iy9q119eutrkn8s1mk4r39qejnbu3n5q?l=Joe.Doe");
}

TEST(WebKeyDirectory, AsksTheDomainItselfOnlyWhereItHasNoHostForKeys) {
  const WebKeyPlaces places{"advanced", "direct"};
  std::vector<std::string> asked;
  const auto answering = [&](std::expected<std::string, NotFetched> advanced) {
    asked.clear();
    return fetch_web_key(places, [&, advanced](const std::string& url) {
      asked.push_back(url);
      return url == "advanced" ? advanced : std::expected<std::string, NotFetched>("the domain's");
    });
  };
  EXPECT_EQ(answering("its own").value(), "its own");
  EXPECT_EQ(asked, std::vector<std::string>{"advanced"});
  EXPECT_EQ(answering(std::unexpected(NotFetched{"no such host", true})).value(), "the domain's");
  EXPECT_EQ(asked, (std::vector<std::string>{"advanced", "direct"}));
  EXPECT_EQ(answering(std::unexpected(NotFetched{"no key", false})).error().why, "no key");
  EXPECT_EQ(asked, std::vector<std::string>{"advanced"});
}

TEST(WebKeyDirectory, GivesOnlyKeysThatNameTheMailbox) {
  const auto jan = mail::parse_mailbox("jan@klant.nl").value();
  const std::string key = "\xC6\x01\x04"s;
  const std::string right = key +
                            "\xCD\x12"
                            "Jan <jan@klant.nl>"s;
  const std::string wrong = key +
                            "\xCD\x13"
                            "Jan <xjan@klant.nl>"s;
  EXPECT_EQ(web_keys_of(wrong + right, jan).value(), right);
  EXPECT_FALSE(web_keys_of(wrong, jan));
  EXPECT_FALSE(web_keys_of("<html>not found</html>", jan));
}

/// What another domain's people are called is not this directory's to say.
TEST(WebKeyDirectory, LeavesOutTheOtherNamesOfAKey) {
  const auto jan = mail::parse_mailbox("jan@klant.nl").value();
  const std::string key = "\xC6\x01\x04\xC2\x01\x01"s;  // with a signature on the key itself
  const std::string right =
      "\xCD\x12"
      "Jan <jan@klant.nl>\xC2\x01\x02"s;
  const std::string others =
      "\xCD\x0C"
      "eva@elders.x\xC2\x01\x03\xC2\x01\x04\xD1\x01\x05\xC2\x01\x06"s;  // and a picture
  const std::string subkey = "\xCE\x01\x04\xC2\x01\x07"s;
  for (const std::string& names : {others + right, right + others, right})
    EXPECT_EQ(web_keys_of(key + names + subkey, jan).value(), key + right + subkey);
}

}  // namespace
}  // namespace zegel::seal
