#include "mail/canonical.h"

#include <gtest/gtest.h>

#include "mail/structure.h"

namespace zegel::mail {
namespace {

const std::string signed_part =
    "--b\r\nContent-Type: multipart/signed; boundary=s; protocol=\"application/pgp-signature\"\r\n\r\n"
    "--s\r\n\r\nas it was \r\n--s\r\nContent-Type: application/pgp-signature\r\n\r\nx\r\n--s--\r\n";

std::string mixed(const std::string& encoding, const std::string& parts) {
  return "Content-Type: multipart/mixed; boundary=b\r\n" + encoding + "\r\n" + parts + "--b--\r\n";
}

TEST(CanonicalForm, LeavesWhatIs7BitAlone) {
  for (const std::string& entity : {mixed("", signed_part), std::string("\r\nFrom x\r\n trailing \r\n"),
                                    mixed("", "--b\r\nContent-Transfer-Encoding: base64\r\n\r\neA==\r\n")}) {
    EXPECT_EQ(canonical_for_signing(entity), entity);
  }
}

TEST(CanonicalForm, EncodesOnlyTheLeavesThatNeedIt) {
  const std::string before = mixed(
      "Content-Transfer-Encoding: 8bit\r\n",
      "--b\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\nX-Kept: 1\r\n\r\né \r\n" +
          signed_part + "--b\r\nContent-Type: image/png\r\n\r\n\xff\r\n--b\r\n\r\nplain \r\n");
  const std::string after =
      "Content-Type: multipart/mixed; boundary=b\r\nContent-Transfer-Encoding: 7bit\r\n\r\n"
      "--b\r\nContent-Type: text/plain; charset=utf-8\r\nX-Kept: 1\r\n"
      "Content-Transfer-Encoding: quoted-printable\r\n\r\n=C3=A9=20\r\n" +
      signed_part +
      "--b\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\n/w==\r\n\r\n--b\r\n\r\nplain "
      "\r\n--b--\r\n";
  EXPECT_EQ(canonical_for_signing(before), after);
}

TEST(CanonicalForm, ShortensLinesThatNoRelayTakes) {
  const auto after = canonical_for_signing("Content-Type: text/plain\r\n\r\n" + std::string(2000, 'x') + "\r\n");
  ASSERT_TRUE(after);
  EXPECT_NE(after->find("Content-Transfer-Encoding: quoted-printable\r\n\r\nxxx"), std::string::npos);
  EXPECT_NE(after->find("x=\r\nx"), std::string::npos);
}

TEST(CanonicalForm, EncodesInsideAnAttachedMessage) {
  EXPECT_EQ(canonical_for_signing("Content-Type: message/rfc822\r\n\r\nSubject: x\r\n\r\né\r\n"),
            "Content-Type: message/rfc822\r\n\r\nSubject: x\r\n"
            "Content-Transfer-Encoding: quoted-printable\r\n\r\n=C3=A9\r\n");
}

TEST(CanonicalForm, MakesNoDelimiterOfText) {
  const std::string text = std::string(75, 'x') + "--b\r\n";
  const auto after = canonical_for_signing(mixed("", "--b\r\n\r\n\xc3\xa9\r\n" + text));
  ASSERT_TRUE(after);
  EXPECT_TRUE(after->contains("x=\r\n=2D-b\r\n")) << *after;
  EXPECT_EQ(scan(Message(*after)).parts().size(), 2U);
}

TEST(CanonicalForm, NeverTouchesASignedPart) {
  std::string eight_bit = signed_part;
  eight_bit.replace(eight_bit.find("as it was"), 9, "als h\xc3\xa9t was");
  EXPECT_FALSE(canonical_for_signing(mixed("", eight_bit)));
}

TEST(CanonicalForm, RefusesToTakeADoubtfulStructureApart) {
  EXPECT_FALSE(canonical_for_signing("Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n\xc3\xa9\r\n"));
}

}  // namespace
}  // namespace zegel::mail
