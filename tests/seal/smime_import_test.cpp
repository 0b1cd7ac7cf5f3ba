// What `zegel key import` makes of certificates and pairs.
#include "seal/smime_fixture.h"

namespace zegel::seal {
namespace {

using test::mailbox;
using test::office_mail;
using test::read;
using test::run;
using test::Smime;
using test::write;

TEST_F(Smime, ACertificateImportedAgainLeavesThePairAPair) {
  office_.issue("piet", "email:piet@kantoor.nl");
  ASSERT_TRUE(import(read(ca_ / "piet.pem") + read(office_.key("piet")))[0].ok);
  ASSERT_TRUE(import(read(ca_ / "piet.pem"))[0].ok);
  EXPECT_TRUE(load()->can_sign(Method::smime, mailbox("piet@kantoor.nl"), now()));
}

TEST_F(Smime, AReplacementThatCannotBeWrittenLeavesWhatWas) {
  office_.issue("first", "email:jan@klant.nl");
  office_.issue("second", "email:jan@klant.nl");
  const auto first = import(read(ca_ / "first.pem"));
  ASSERT_TRUE(first[0].ok);
  std::filesystem::remove(folder_ / "smime/imported.txt");
  std::filesystem::create_directories(folder_ / "smime/imported.txt/in the way");
  EXPECT_FALSE(import(read(ca_ / "second.pem"), true)[0].ok);
  EXPECT_EQ(usable(*load(), "jan@klant.nl"), std::vector<std::string>{first[0].fingerprint});
}

TEST_F(Smime, APairThatOnlySignsStandsBesideTheOneThatIsEncryptedTo) {
  const std::string usage = "extendedKeyUsage=emailProtection\nkeyUsage=";
  office_.issue("sign", "email:piet@kantoor.nl", {.extensions = usage + "digitalSignature"});
  ASSERT_TRUE(
      import(read(office_.issue("enc", "email:piet@kantoor.nl", {.extensions = usage + "keyEncipherment"})))[0].ok);
  const auto pair = import(read(ca_ / "sign.pem") + read(office_.key("sign")));
  ASSERT_TRUE(pair[0].ok) << pair[0].what;
  EXPECT_EQ(usable(*load(), "piet@kantoor.nl").size(), 1U);
  EXPECT_TRUE(load()->can_sign(Method::smime, mailbox("piet@kantoor.nl"), now()));
}

TEST_F(Smime, ImportTellsEveryFormApart) {
  const std::string pem = office_.issue("jan", "email:jan@klant.nl");
  run("openssl x509 -in " + pem + " -outform DER -out " + (ca_ / "jan.der"));
  run("openssl crl2pkcs7 -nocrl -certfile " + pem + " -outform DER -out " + (ca_ / "jan.p7b"));
  run("openssl crl2pkcs7 -nocrl -certfile " + pem + " -out " + (ca_ / "jan.p7b.pem"));
  run("openssl pkcs12 -export -in " + pem + " -inkey " + office_.key("jan") + " -passout pass:geheim -out " +
      (ca_ / "jan.p12"));
  // As OpenSSL 1.1 and older Windows wrote them: RC2 with 40 bits, and triple DES.
  run("openssl pkcs12 -export -legacy -in " + pem + " -inkey " + office_.key("jan") + " -passout pass:geheim -out " +
      (ca_ / "old.p12"));
  for (const std::string form : {"jan.pem", "jan.der", "jan.p7b", "jan.p7b.pem", "jan.p12", "old.p12"}) {
    const auto imported = import(read(ca_ / form), false, "geheim");
    ASSERT_EQ(imported.size(), 1U) << form;
    EXPECT_TRUE(imported[0].ok) << form << ": " << imported[0].what;
    EXPECT_EQ(usable(*load(), "jan@klant.nl"), std::vector{imported[0].fingerprint}) << form;
    EXPECT_EQ(remove_key(sources(), imported[0].fingerprint).has_value(), true);
    EXPECT_TRUE(usable(*load(), "jan@klant.nl").empty());
    EXPECT_NE(run("grep -rl klant " + (folder_ / "smime")).exit, 0) << "nothing of it stays";
  }
  for (const std::string form : {"jan.p12", "old.p12"})
    EXPECT_TRUE(import(read(ca_ / form), false, "fout")[0].what.contains("passphrase")) << form;
  ASSERT_TRUE(import(read(ca_ / "old.p12"), false, "geheim")[0].ok);
  const mail::Mailbox jan = mailbox("jan@klant.nl");
  EXPECT_TRUE(
      open_with_openssl(seal(office_mail(), "jan@klant.nl", {.signer = &jan}), "jan").contains("pkcs7-signature"))
      << "its key signs";
}

TEST_F(Smime, APkcs12InTheFolderIsOpenedWithThePassphraseBesideIt) {
  const std::string pem = office_.issue("piet", "email:piet@kantoor.nl");
  std::filesystem::create_directory(folder_ / "smime");
  run("openssl pkcs12 -export -in " + pem + " -inkey " + office_.key("piet") + " -passout pass:geheim -out " +
      (folder_ / "smime/piet.p12"));
  EXPECT_FALSE(load()->can_sign(Method::smime, mailbox("piet@kantoor.nl"), now()));
  EXPECT_EQ(problems_.size(), 1U);
  write(folder_ / "smime/piet.p12.passphrase", "geheim\n");
  EXPECT_TRUE(load()->can_sign(Method::smime, mailbox("piet@kantoor.nl"), now()));
  std::filesystem::create_directory(folder_ / "handed-over");
  std::filesystem::rename(folder_ / "smime/piet.p12.passphrase", folder_ / "handed-over/piet.p12.passphrase");
  EXPECT_FALSE(load()->can_sign(Method::smime, mailbox("piet@kantoor.nl"), now()));
  ::setenv("CREDENTIALS_DIRECTORY", (folder_ / "handed-over").c_str(), 1);  // as systemd does
  EXPECT_TRUE(load()->can_sign(Method::smime, mailbox("piet@kantoor.nl"), now()));
  ::unsetenv("CREDENTIALS_DIRECTORY");
}

TEST_F(Smime, AKeyThatChangesWaitsForTheAdministrator) {
  ASSERT_TRUE(import(read(office_.issue("old", "email:jan@klant.nl")))[0].ok);
  const std::string fresh = read(office_.issue("new", "email:jan@klant.nl"));
  const auto held = import(fresh);
  EXPECT_FALSE(held[0].ok);
  EXPECT_TRUE(held[0].what.contains("--replace")) << held[0].what;
  const auto replaced = import(fresh, true);
  ASSERT_TRUE(replaced[0].ok) << replaced[0].what;
  EXPECT_EQ(usable(*load(), "jan@klant.nl"), std::vector{replaced[0].fingerprint});
}

}  // namespace
}  // namespace zegel::seal
