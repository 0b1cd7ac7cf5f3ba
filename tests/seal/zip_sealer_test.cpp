#include "seal/zip_sealer.h"

#include <gtest/gtest.h>

#include "core/random.h"
#include "seal/cover.h"
#include "zip_mail.h"

namespace zegel::seal {
namespace {

using namespace test;  // NOLINT(google-build-using-namespace): what these tests are written in
using zegel::test::shows;

const std::string html = leaf("Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: 7bit\r\n",
                              "<p>Geachte heer, Kanarie-Html-1234</p><img src=\"cid:logo@x\">");
const std::string image = leaf(
    "Content-Type: image/png; name=\"handtekening-piet.png\"\r\nContent-Transfer-Encoding: base64\r\n"
    "Content-ID: <logo@x>\r\nContent-Description: handtekening-piet.png\r\n"
    "Content-Disposition: inline; filename=\"handtekening-piet.png\"\r\n",
    base64::encode_lines("\x89PNG-beeld-Kanarie-1234"));
/// A message as office programs send it: text with a picture, and two files.
mail::Message usual() {
  return message(multipart(
      "mixed",
      {multipart("related", {multipart("alternative", {plain, html}, "alt"), image}, "rel"),
       file("attachment; filename=ontslag.pdf", canary), file("attachment; filename=\"=?utf-8?B?w6kucGRm?=\"", canary)},
      "mix"));
}

Result<Sealed> seal(const mail::Message& original, Method method, Language language = Language::nl,
                    std::string tag = {}) {
  const Secret password{std::string(word)};
  return ZipSealer::seal(original, mail::scan(original),
                         {method, language, password, "7K3QX9M2TB", "020 612 34 56", std::move(tag)});
}

std::string sealed(const mail::Message& original, Method method, Language language = Language::nl,
                   std::string tag = {}) {
  const auto result = seal(original, method, language, std::move(tag));
  EXPECT_TRUE(result) << result.error().why;
  return result ? std::string(result->bytes()) : std::string();
}

TEST(ZipSealer, KeepsTheBodyAndLocksTheAttachments) {
  NEED_PROGRAM("7zz");
  const Seen seen(sealed(usual(), Method::zip_attachments));
  ASSERT_EQ(seen.leaves.size(), 5);
  EXPECT_TRUE(seen.structure.root().is("multipart", "mixed"));
  EXPECT_TRUE(seen.text(0).contains("Kanarie-Body-1234"));
  EXPECT_TRUE(seen.text(1).contains("cid:logo@x"));
  EXPECT_EQ(seen.leaves[2]->content_id, "logo@x");
  EXPECT_TRUE(seen.text(3).contains("De bijlagen bij dit bericht zijn met een wachtwoord beveiligd."));
  EXPECT_TRUE(seen.leaves[4]->is("application", "zip"));
  EXPECT_EQ(seen.leaves[4]->disposition, "attachment");
  const Folder folder;
  open(folder, seen);
  EXPECT_EQ(folder.read("out/ontslag.pdf"), canary);
  EXPECT_EQ(folder.read("out/é.pdf"), canary);
  EXPECT_EQ(folder.count("out"), 3);
}

TEST(ZipSealer, SlicesTheBodyOctetForOctet) {
  const std::string out = sealed(usual(), Method::zip_attachments);
  EXPECT_TRUE(out.contains(multipart("alternative", {plain, html}, "alt"))) << out;
}

TEST(ZipSealer, ShowsNoNameAndNoOctetOfAnAttachment) {
  for (const Method method : {Method::zip_attachments, Method::zip}) {
    const std::string out = sealed(usual(), method);
    EXPECT_FALSE(shows(out, canary));
    EXPECT_FALSE(shows(Seen(out).text(Seen(out).leaves.size() - 1), canary));
    for (const auto* name :
         {"ontslag", "w6kucGRm", "handtekening-piet", "geheim@klant.nl", "X-Zegel", "X-Attachments"}) {
      EXPECT_FALSE(out.contains(name)) << name << "\n" << out;
    }
  }
}

TEST(ZipSealer, LocksTheBodyTooUnderZip) {
  NEED_PROGRAM("7zz");
  const std::string out = sealed(usual(), Method::zip);
  EXPECT_FALSE(shows(out, "Kanarie-Body-1234"));
  EXPECT_FALSE(shows(out, "Kanarie-Html-1234"));
  EXPECT_FALSE(shows(out, "-beeld-Kanarie-1234"));
  const Seen seen(out);
  ASSERT_EQ(seen.leaves.size(), 2);
  EXPECT_TRUE(seen.text(0).contains("Het komt van Piet Jansen."));
  const Folder folder;
  open(folder, seen);
  EXPECT_EQ(folder.read("out/bericht.html"), "<p>Geachte heer, Kanarie-Html-1234</p><img src=\"afbeelding-1.png\">");
  EXPECT_EQ(folder.read("out/afbeelding-1.png"), "\x89PNG-beeld-Kanarie-1234");
  EXPECT_EQ(folder.read("out/ontslag.pdf"), canary);
  EXPECT_TRUE(folder.read("out/bericht.eml").ends_with(usual().bytes().substr(usual().bytes().find("\r\n\r\n"))));
  EXPECT_FALSE(folder.read("out/bericht.eml").contains("geheim@klant.nl"));
  EXPECT_EQ(folder.count("out"), 6);  // the padding too
}

TEST(ZipSealer, LocksAPlainBodyAsText) {
  NEED_PROGRAM("7zz");
  const Seen seen(sealed(message("Content-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: "
                                 "quoted-printable\r\n\r\nGe=EFnteresseerd?\r\n"),
                         Method::zip, Language::de));
  const Folder folder;
  open(folder, seen);
  EXPECT_EQ(folder.read("out/nachricht.txt"), "\xEF\xBB\xBFGe\xC3\xAFnteresseerd?\n");
  EXPECT_EQ(folder.count("out"), 3);
}

TEST(ZipSealer, SpeaksTheRecipientsLanguage) {
  const std::pair<Language, std::string> said[] = {
      {Language::nl, "bijlagen.zip"}, {Language::en, "attachments.zip"}, {Language::de, "anlagen.zip"}};
  for (const auto& [language, name] : said) {
    const Seen seen(sealed(usual(), Method::zip_attachments, language));
    EXPECT_EQ(seen.leaves.back()->parameter("name"), name);
    EXPECT_TRUE(seen.text(3).contains(name));
  }
}

TEST(ZipSealer, SpeaksTheOfficesOwnWordsWhereItHasSome) {
  const auto own = CoverTemplate::parse("{sender} stuurt u {zip}. Bel {phone}, {reference}.");
  const Secret password{std::string(word)};
  const auto original = usual();
  const auto result =
      ZipSealer::seal(original, mail::scan(original),
                      {.password = password, .reference = "7K3QX9M2TB", .phone = "112", .cover = &*own});
  ASSERT_TRUE(result);
  EXPECT_EQ(Seen(std::string(result->bytes())).text(3), "Piet Jansen stuurt u bijlagen.zip. Bel 112, 7K3QX9M2TB.\r\n");
}

TEST(ZipSealer, TakesTheTagOffOutsideAndInside) {
  NEED_PROGRAM("7zz");
  const std::string out = sealed(usual(), Method::zip, Language::nl, "[veilig]");
  EXPECT_TRUE(out.contains("\r\nSubject: Uw stukken\r\n"));
  const Folder folder;
  open(folder, Seen(out));
  EXPECT_TRUE(folder.read("out/bericht.eml").contains("\r\nSubject: Uw stukken\r\n"));
}

TEST(ZipSealer, LetsAMessageWithoutAttachmentsPassUnderZipAttachments) {
  const auto original = message(multipart("alternative", {plain, html}, "alt"));
  EXPECT_TRUE(ZipSealer::has_nothing_to_lock(original, mail::scan(original), Method::zip_attachments));
  EXPECT_FALSE(ZipSealer::has_nothing_to_lock(original, mail::scan(original), Method::zip));
  const std::string out = sealed(original, Method::zip_attachments);
  EXPECT_FALSE(out.contains("zip"));
  EXPECT_FALSE(out.contains("geheim@klant.nl"));
  EXPECT_TRUE(out.ends_with(multipart("alternative", {plain, html}, "alt")));
}

TEST(ZipSealer, LocksAMessageThatIsNothingButAFile) {
  NEED_PROGRAM("7zz");
  const Seen seen(sealed(message(file("attachment; filename=scan.pdf", canary)), Method::zip_attachments));
  ASSERT_EQ(seen.leaves.size(), 2);
  EXPECT_FALSE(shows(seen.whole.bytes(), canary));
  const Folder folder;
  open(folder, seen);
  EXPECT_EQ(folder.read("out/scan.pdf"), canary);
}

/// Made by gpg; of what does not matter here.
const std::string pgp_signature = leaf("Content-Type: application/pgp-signature; name=signature.asc\r\n",
                                       "-----BEGIN PGP SIGNATURE-----\r\n\r\n"
                                       "iHUEABYIAB0WIQRMG9F+cG7fPOvm46h5+q2Qi2fJbwUCawgPOwAKCRB5+q2Qi2fJ\r\n"
                                       "b3feAQDvVuqKh7DCRYRVolE3ySKx5NkmbxdEy5jUosgk66fVLwEAiVxP/YAYmZMo\r\n"
                                       "K9RGBzP81mhvU7xLucdJsD70cUhynwQ=\r\n=fJbf\r\n-----END PGP SIGNATURE-----\r\n");

mail::Message signed_message(const std::string& body, const std::string& signature) {
  return message(
      multipart("signed; micalg=pgp-sha256; protocol=\"application/pgp-signature\"", {body, signature}, "sig"));
}

TEST(ZipSealer, PutsASignedMessageInWholeSoThatItsSignatureLives) {
  NEED_PROGRAM("7zz");
  const std::string body = multipart("mixed", {plain, file("attachment; filename=a.pdf", canary)}, "mix");
  const Seen seen(sealed(signed_message(body, pgp_signature), Method::zip_attachments));
  ASSERT_EQ(seen.leaves.size(), 3);
  const Folder folder;
  open(folder, seen);
  EXPECT_TRUE(folder.read("out/bericht.eml").contains(body));
  EXPECT_TRUE(folder.read("out/bericht.eml").contains(pgp_signature));
  EXPECT_EQ(folder.read("out/a.pdf"), canary);
  EXPECT_EQ(folder.count("out"), 3);
}

bool has_nothing_to_lock(const mail::Message& original) {
  return ZipSealer::has_nothing_to_lock(original, mail::scan(original), Method::zip_attachments);
}

TEST(ZipSealer, CallsASignedMessageWithoutFilesNothingToLock) {
  EXPECT_TRUE(has_nothing_to_lock(signed_message(plain, pgp_signature)));
}

TEST(ZipSealer, LocksWhatOnlySaysThatItIsASignature) {
  const std::string fields = "Content-Type: application/pgp-signature; name=signature.asc\r\n";
  const std::string smime = "Content-Type: application/pkcs7-signature; name=smime.p7s\r\n";
  std::string other_type = pgp_signature;
  other_type.replace(0, other_type.find(';'), "Content-Type: application/octet-stream");
  const std::string more = pgp_signature + "\r\n" + std::string(canary) + "\r\n";
  for (const std::string& signature : {leaf(fields, canary), leaf(smime, canary), other_type, more,
                                       file("attachment; filename=a.pdf", canary), leaf(smime, "")}) {
    const auto original = signed_message(plain, signature);
    ASSERT_TRUE(mail::scan(original).sound());
    EXPECT_FALSE(has_nothing_to_lock(original)) << signature;
    EXPECT_FALSE(shows(sealed(original, Method::zip_attachments), canary));
  }
}

TEST(ZipSealer, LetsNoOtherPlaceOfTheBodyTellNames) {
  const std::string named = leaf(
      "Content-Type: image/png; filename=\"ontslag.png\"\r\nContent-Location: ontslag.png\r\n"
      "Content-Disposition: inline; name=\"ontslag.png\"\r\nContent-ID: <logo@x>\r\n",
      "x");
  std::string related = multipart("related", {html, named}, "rel");
  related.insert(related.find("\r\n\r\n") + 4, "ontslag in a preamble\r\n");
  const auto original = message(multipart("mixed", {related, file("attachment; filename=a.pdf", canary)}, "mix"));
  const std::string out = sealed(original, Method::zip_attachments);
  EXPECT_TRUE(out.contains("<logo@x>"));
  EXPECT_FALSE(out.contains("ontslag"));
}

TEST(ZipSealer, SendsEightBitBodiesAsSevenBit) {
  const auto original = message(
      multipart("mixed",
                {leaf("Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n", "Één bijlage"),
                 file("attachment; filename=a.pdf", canary)},
                "mix"));
  const Seen seen(sealed(original, Method::zip_attachments));
  EXPECT_EQ(seen.text(0), "Één bijlage");
  for (const char c : seen.whole.bytes()) ASSERT_GE(c, 0);
}

TEST(ZipSealer, RefusesWhatItCannotTakeApart) {
  const auto unclosed = message("Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n" + plain + "\r\n");
  const auto lying = message(multipart("mixed",
                                       {plain, leaf("Content-Type: application/pdf\r\nContent-Transfer-Encoding: "
                                                    "base64\r\nContent-Disposition: attachment; filename=a.pdf\r\n",
                                                    "\x01 not base64 at all!!")},
                                       "mix"));
  for (const auto& original : {unclosed, lying}) {
    for (const Method method : {Method::zip_attachments, Method::zip}) {
      const auto result = seal(original, method);
      ASSERT_FALSE(result);
      EXPECT_FALSE(result.error().why.empty());
    }
  }
}

TEST(ZipSealer, ExtractsNamesAsPeopleSendThemSafely) {
  NEED_PROGRAM("7zz");
  const std::vector<std::string> dispositions = {
      "attachment; filename*=utf-8''dossier%20%C3%A9.pdf",
      "attachment; filename*0*=utf-8''lange%20; filename*1=naam.pdf",
      "attachment; filename*=utf-8''%F0%9F%99%82.txt",
      "attachment; filename=\"../../etc/passwd\"",
      "attachment; filename=\"..\\\\..\\\\boot.ini\"",
      "attachment; filename=CON",
      "attachment; filename*=utf-8''factuur%E2%80%AEfdp.exe",
      "attachment; filename=twee.txt",
      "attachment; filename=TWEE.TXT",
      "attachment; filename=\"opvulling.bin\"",
      "attachment",
  };
  std::vector<std::string> parts = {plain};
  for (const auto& each : dispositions) parts.push_back(file(each, canary));
  const Seen seen(sealed(message(multipart("mixed", parts, "mix")), Method::zip_attachments));
  const Folder folder;
  open(folder, seen);
  EXPECT_EQ(folder.count("out"), dispositions.size() + 1);
  EXPECT_EQ(folder.read("out/dossier é.pdf"), canary);
  EXPECT_EQ(folder.read("out/lange naam.pdf"), canary);
  EXPECT_EQ(folder.read("out/🙂.txt"), canary);
  const auto list = folder.run("echo; cd out && ls -1A");
  for (const auto* bad : {"..", "/", "\\", "\xE2\x80\xAE", "\nCON\n", ":", "?"})
    EXPECT_FALSE(list.said.contains(bad)) << bad << list.said;
}

TEST(ZipSealer, ShortensANameOfFourKilobytes) {
  NEED_PROGRAM("7zz");
  std::string disposition = "attachment";
  for (int i = 0; i < 64; ++i) disposition += ";\r\n filename*" + std::to_string(i) + "=" + std::string(64, 'n');
  const Seen seen(
      sealed(message(multipart("mixed", {plain, file(disposition, canary)}, "mix")), Method::zip_attachments));
  const Folder folder;
  open(folder, seen);
  EXPECT_EQ(folder.count("out"), 2);
}

TEST(ZipSealer, CarriesARandomMegabyteThrough) {
  NEED_PROGRAM("bsdtar");
  const std::string bytes = random_bytes(1'300'000);
  const Seen seen(sealed(message(multipart("mixed", {plain, file("attachment; filename=a.bin", bytes)}, "mix")),
                         Method::zip_attachments));
  const Folder folder;
  folder.write("zip.zip", seen.text(seen.leaves.size() - 1));
  const auto outcome =
      folder.run("bsdtar -x --passphrase " + std::string(word) + " -f zip.zip && bsdtar -x -f bijlagen-inhoud.zip");
  ASSERT_EQ(outcome.code, 0) << outcome.said;
  EXPECT_TRUE(folder.read("a.bin") == bytes);
}

}  // namespace
}  // namespace zegel::seal
