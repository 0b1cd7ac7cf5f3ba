// What is absurdly big is answered soon. The bounds are CPU time of this process and generous, so that a busy machine
// or a debug build with sanitizers does not fail them; quadratic work would, by far.
#include <functional>

#include <gtest/gtest.h>
#include <sys/resource.h>

#include "core/base64.h"
#include "mail/canonical.h"
#include "mail/compose.h"
#include "mail/content.h"
#include "mail/header.h"
#include "mail/peak.h"
#include "mail/structure.h"

namespace zegel::mail {
namespace {

double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
constexpr double slower = 10;
#else
constexpr double slower = 1;
#endif
#else
constexpr double slower = 1;
#endif

void expect_soon(const std::function<void()>& work, double seconds = 1) {
  const double begin = cpu_seconds();
  work();
  EXPECT_LT(cpu_seconds() - begin, seconds * slower);
}

std::string repeated(int count, const std::function<std::string(int)>& piece) {
  std::string out;
  for (int i = 0; i < count; ++i) out += piece(i);
  return out;
}

TEST(Huge, AHundredThousandNestedParts) {
  const Message message("From: a@b.nl\r\n" + repeated(100'000, [](int i) {
                          const std::string b = "b" + std::to_string(i) + "x";
                          return "Content-Type: multipart/mixed; boundary=" + b + "\r\n\r\n--" + b + "\r\n";
                        }));
  expect_soon([&] {
    const Structure structure = scan(message);
    EXPECT_LE(structure.parts().size(), 1'000U);
    EXPECT_FALSE(structure.sound());
  });
}

TEST(Huge, NestedMessages) {
  const Message message(repeated(100'000, [](int) { return std::string("Content-Type: message/rfc822\r\n\r\n"); }));
  expect_soon([&] { EXPECT_FALSE(scan(message).sound()); });
}

TEST(Huge, ThreeHundredThousandSiblings) {
  const Message message("Content-Type: multipart/mixed; boundary=b\r\n\r\n" +
                        repeated(300'000, [](int) { return std::string("--b\r\n\r\nx\r\n"); }) + "--b--\r\n");
  expect_soon([&] {
    const Structure structure = scan(message);
    EXPECT_EQ(structure.parts().size(), 1'000U);
    EXPECT_EQ(structure.flaws().front().name, "too-many-parts");
  });
}

TEST(Huge, TwoHundredThousandHeaderLines) {
  const std::string fields = repeated(200'000, [](int i) { return "X-" + std::to_string(i) + ": y\r\n"; });
  const Message message(fields + "\r\nbody\r\n");
  expect_soon([&] { EXPECT_NE(scan(message).fatal(), nullptr); });
  expect_soon([&] { EXPECT_EQ(mail::fields(fields).size(), 200'000U); });
}

TEST(Huge, AHeaderLineOfTenMegabytes) {
  const Message message("Subject: " + std::string(10'000'000, 'x') + "\r\n\r\nbody\r\n");
  expect_soon([&] { EXPECT_NE(scan(message).fatal(), nullptr); });
}

TEST(Huge, TenThousandParameters) {
  const std::string parameters = repeated(10'000, [](int i) { return ";\r\n a" + std::to_string(i) + "=b"; });
  Bounds wide;
  wide.header_lines = 100'000;
  const Message message("Content-Type: text/plain" + parameters + "\r\n\r\nbody\r\n");
  expect_soon([&] { EXPECT_EQ(scan(message, wide).flaws().front().name, "too-many-parameters"); });
}

TEST(Huge, LinesThatAllBeginLikeDelimiters) {
  const std::string boundary(70, 'b');
  std::string message = "Content-Type: multipart/mixed; boundary=" + boundary + "\r\n\r\n--" + boundary + "\r\n\r\n";
  message += repeated(200'000, [&](int) { return "--" + boundary + "c\r\n"; });
  expect_soon([&] { EXPECT_FALSE(scan(Message(message)).sound()); });
  expect_soon([&] {
    EXPECT_TRUE(scan(Message("\r\n" + repeated(1'000'000, [](int) { return std::string("--\r\n"); }))).sound());
  });
}

TEST(Huge, AddressesAndWords) {
  expect_soon([] { EXPECT_FALSE(parse_addresses(repeated(100'000, [](int) { return std::string("a@b.nl,"); }))); });
  expect_soon([] { EXPECT_FALSE(parse_addresses(std::string(1'000'000, '('))); });
  expect_soon([] { EXPECT_FALSE(decode_words(repeated(60'000, [](int) { return std::string("=?a?"); })).empty()); });
  expect_soon(
      [] { EXPECT_FALSE(decode_words(repeated(20'000, [](int) { return std::string("=?utf-8?Q?"); })).empty()); });
  expect_soon(
      [] { EXPECT_FALSE(decode_words(repeated(10'000, [](int) { return std::string("=?utf-8?Q?a?= "); })).empty()); });
}

TEST(Huge, HtmlAndTexts) {
  const auto sorted = [](const std::string& type, const std::string& body) {
    const Message message("Content-Type: " + type + "\r\n\r\n" + body);
    expect_soon([&] { (void)sort_content(message, scan(message)); });
  };
  for (const std::string piece : {"<", "<!--", "<a", "<p style=\"url(", "<title><", "</", "<img src=cid:a>", "<a b='"})
    sorted("text/html", repeated(500'000, [&](int) { return piece + "\r\n"; }));
  for (const std::string line : {"--", "begin 644 x", "begin ", "--\r\nX: y"})
    sorted("text/plain", repeated(500'000, [&](int) { return line + "\r\n"; }));
}

/// Scanned, sorted, decoded and read: at most three times its size in memory, the message itself among them.
void expect_modest(const std::string& bytes) {
  const testing::Peak peak;
  const Message message{std::string(bytes)};
  Structure structure;
  expect_soon([&] { structure = scan(message); });
  expect_soon([&] { (void)sort_content(message, structure); }, 3);
  expect_soon([&] { (void)decode_text(message, structure.root()); }, 3);
  EXPECT_LE(peak.octets(), 3 * bytes.size());
}

std::string fifty_megabytes(const std::string& line) {
  std::string out;
  out.reserve(50'000'100);
  while (out.size() < 50'000'000) out += line + "\r\n";
  return out;
}

TEST(Huge, ABodyOfFiftyMegabytes) {
  const std::string text(76, 'x');
  expect_modest("Content-Type: text/plain\r\n\r\n" + fifty_megabytes(text));
  expect_modest("Content-Type: text/html; charset=iso-8859-1\r\n\r\n" + fifty_megabytes("<img src=cid:x>\xe9" + text));
  expect_modest("Content-Type: text/html\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n" +
                fifty_megabytes("=3Cimg src=3Dcid:x>" + text.substr(20)));
  expect_modest("Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n" + fifty_megabytes("--"));
}

TEST(Huge, AFileOfFiftyMegabytes) {
  const std::string bytes(37'000'000, '\x55');
  const std::string encoded =
      "Content-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n" + base64::encode_lines(bytes);
  ASSERT_GT(encoded.size(), 50'000'000U);
  expect_modest(encoded);
  const Message message(encoded);
  EXPECT_TRUE(scan(message).sound());
  EXPECT_EQ(decode(message, scan(message).root())->size(), bytes.size());
  expect_soon([&] { EXPECT_EQ(canonical_for_signing(message.bytes())->size(), message.size()); }, 3);
}

}  // namespace
}  // namespace zegel::mail
