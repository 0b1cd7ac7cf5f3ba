#include <algorithm>

#include <gtest/gtest.h>

#include "core/text.h"
#include "seal/smime_fixture.h"

namespace zegel::seal {
namespace {

using test::body_canary;
using test::expect_no_canary;
using test::mailbox;
using test::office_mail;
using test::read;
using test::run;
using test::Smime;
using test::write;
using Wish = test::CertificateOffice::Wish;

std::string body_of(std::string_view message) { return std::string(message.substr(message.find("\r\n\r\n") + 4)); }

TEST_F(Smime, OpensslOpensWhatWasSealed) {
  add("jan", "email:jan@klant.nl");
  const auto sealed = seal(office_mail(), "jan@klant.nl");
  ASSERT_TRUE(sealed) << sealed.error().why;
  expect_no_canary(sealed->bytes());
  EXPECT_TRUE(sealed->bytes().contains("smime-type=enveloped-data"));
  EXPECT_TRUE(sealed->bytes().contains("Subject: Dossier 12\r\n"));
  EXPECT_FALSE(sealed->bytes().contains("X-Zegel"));
  const std::string opened = open_with_openssl(sealed, "jan");
  EXPECT_TRUE(opened.starts_with("Content-Type: multipart/mixed; boundary=\"b1\"\r\n"));
  EXPECT_EQ(body_of(opened), body_of(office_mail()));
}

TEST_F(Smime, EveryKindOfKeyOpens) {
  for (const auto& [name, algorithm, usage] :
       {std::tuple{"r3", "rsa:3072", "keyEncipherment"}, std::tuple{"r4", "rsa:4096", "keyEncipherment"},
        std::tuple{"p2", "ec -pkeyopt ec_paramgen_curve:P-256", "keyAgreement"},
        std::tuple{"p3", "ec -pkeyopt ec_paramgen_curve:P-384", "keyAgreement"},
        std::tuple{"p5", "ec -pkeyopt ec_paramgen_curve:P-521", "keyAgreement"}}) {
    const std::string address = std::string(name) + "@klant.nl";
    add(name, "email:" + address, {algorithm, std::string("extendedKeyUsage=emailProtection\nkeyUsage=") + usage});
    const auto sealed = seal(office_mail(address), address);
    EXPECT_TRUE(open_with_openssl(sealed, name).contains(body_canary)) << name;
  }
}

TEST_F(Smime, GcmMakesAuthEnvelopedDataWithOaep) {
  add("jan", "email:jan@klant.nl");
  const auto sealed = seal(office_mail(), "jan@klant.nl", {.cipher = Cipher::aes256_gcm});
  EXPECT_TRUE(open_with_openssl(sealed, "jan").contains(body_canary));
  EXPECT_TRUE(sealed->bytes().contains("smime-type=authEnveloped-data"));
  const auto printed = run("openssl cms -cmsout -print -in " + (folder_ / "sealed.eml"));
  EXPECT_TRUE(printed.output.contains("aes-256-gcm"));
  EXPECT_TRUE(printed.output.contains("rsaesOaep"));
}

/// What its certificate says that the recipient's program can do: `caps` lists OIDs.
TEST_F(Smime, ACertificateThatNamesNewAlgorithmsGetsThem) {
  const auto able = [](const std::string& name, const std::string& oids) {
    std::string caps = "extendedKeyUsage=emailProtection\n1.2.840.113549.1.9.15=ASN1:SEQUENCE:caps\n[caps]\n";
    std::string sequences;
    int number = 0;
    for (const std::string_view oid : text::split(oids, ' ')) {
      const std::string one = name + std::to_string(++number);
      caps += one + "=SEQUENCE:" + one + "_\n";
      sequences += "[" + one + "_]\noid=OID:" + std::string(oid) + "\n";
    }
    return Wish{.extensions = caps + sequences};
  };
  add("gcm", "email:gcm@klant.nl", able("gcm", "2.16.840.1.101.3.4.1.46 1.2.840.113549.1.1.7"));
  add("oaep", "email:oaep@klant.nl", able("oaep", "1.2.840.113549.1.1.7"));
  const auto gcm = seal(office_mail(), "gcm@klant.nl");
  EXPECT_TRUE(open_with_openssl(gcm, "gcm").contains(body_canary));
  EXPECT_TRUE(gcm->bytes().contains("smime-type=authEnveloped-data"));
  const auto oaep = seal(office_mail(), "oaep@klant.nl");
  EXPECT_TRUE(open_with_openssl(oaep, "oaep").contains(body_canary));
  EXPECT_TRUE(oaep->bytes().contains("smime-type=enveloped-data"));
  EXPECT_TRUE(run("openssl cms -cmsout -print -in " + (folder_ / "sealed.eml")).output.contains("rsaesOaep"));
}

/// Session key, IV and the padding of RSA: each new for each run.
TEST_F(Smime, TwoRunsShareNoSessionKeyAndNoIv) {
  add("jan", "email:jan@klant.nl");
  std::vector<std::string> secrets;
  for (int i = 0; i < 2; ++i) {
    ASSERT_TRUE(open_with_openssl(seal(office_mail(), "jan@klant.nl"), "jan").contains(body_canary));
    const auto printed = run("openssl cms -cmsout -outform DER -in " + (folder_ / "sealed.eml") + " -out " +
                             (folder_ / "m.der") + " && openssl asn1parse -inform DER -in " + (folder_ / "m.der"));
    // In order: the session key under RSA (256 octets), then the IV (16).
    const std::string& text = printed.output;
    const std::size_t line = text.rfind('\n', text.find("l= 256 prim: OCTET STRING"));
    const std::string at = text.substr(line + 1, text.find(':', line) - line - 1);
    const auto key =
        run("openssl asn1parse -inform DER -noout -strparse " + at + " -in " + (folder_ / "m.der") + " -out " +
            (folder_ / "wrapped") + "; dd if=" + (folder_ / "m.der") + " of=" + (folder_ / "wrapped") +
            " bs=1 count=256 status=none skip=$((" + at + "+4)); openssl pkeyutl " + "-decrypt -inkey " +
            office_.key("jan") + " -in " + (folder_ / "wrapped") + " -out " + (folder_ / "key"));
    const std::size_t iv = text.find("l=  16 prim: OCTET STRING");
    ASSERT_NE(iv, std::string::npos) << text;
    secrets.push_back(read(folder_ / "key"));
    secrets.push_back(read(folder_ / "wrapped"));
    secrets.push_back(text.substr(iv, text.find('\n', iv) - iv));
    EXPECT_EQ(read(folder_ / "key").size(), 32U) << key.output;
  }
  for (std::size_t i = 0; i < 3; ++i) EXPECT_NE(secrets[i], secrets[i + 3]) << i;
}

TEST_F(Smime, Sha1InAPssSignatureIsFoundToo) {
  add("jan", "email:jan@klant.nl", {.digest = "sha1 -sigopt rsa_padding_mode:pss"});
  EXPECT_EQ(why_not("jan@klant.nl"), "it was signed with SHA-1 or older");
}

TEST_F(Smime, APairThatCmsCannotSignWithIsNotUsed) {
  add("jan", "email:jan@klant.nl");
  office_.issue("piet", "email:piet@kantoor.nl", {.algorithm = "ed25519"});
  write(folder_ / "smime/piet.pem", read(ca_ / "piet.pem") + read(office_.key("piet")));
  const mail::Mailbox sender = mailbox("piet@kantoor.nl");
  EXPECT_FALSE(load()->can_sign(Method::smime, sender, now()));
  EXPECT_TRUE(open_with_openssl(seal(office_mail(), "jan@klant.nl", {.signer = &sender}), "jan").contains(body_canary));
}

TEST_F(Smime, AnAddressInTheSubjectAloneIsNobodys) {
  add("jan@klant.nl", "email:els@ander.nl");
  EXPECT_EQ(why_not("jan@klant.nl"), "has this address only in its subject, and is of els@ander.nl");
  EXPECT_TRUE(usable(*load(), "jan@klant.nl").empty());
  EXPECT_EQ(why_not("els@ander.nl"), "");
  add("own", "email:jan@klant.nl");
  EXPECT_EQ(why_not("jan@klant.nl"), "") << "whoever has one of his own is not bothered with it";
  EXPECT_EQ(load()->certificates(mailbox("jan@klant.nl"), now()).size(), 1U);
}

TEST_F(Smime, AFolderOrListThatCannotBeReadIsNotTakenForEmpty) {
  add("jan", "email:jan@klant.nl");
  EXPECT_EQ(load()->unreadable(Method::smime), "");
  write(folder_ / "file", "not a folder");
  crl_dir_ = folder_ / "file";
  EXPECT_EQ(why_not("jan@klant.nl"), "the revocation lists cannot be read");
  EXPECT_TRUE(load()->unreadable(Method::smime).contains("file:1:1: ")) << load()->unreadable(Method::smime);
  crl_dir_.clear();
  std::filesystem::rename(folder_ / "smime", folder_ / "elsewhere");
  EXPECT_EQ(load()->unreadable(Method::smime), "") << "not there is empty";
  write(folder_ / "smime", "not a folder");
  EXPECT_TRUE(load()->unreadable(Method::smime).contains("smime:1:1: ")) << load()->unreadable(Method::smime);
  EXPECT_EQ(problems_.size(), 1U);
}

TEST_F(Smime, APgpKeyAmongTheCertificatesIsComplainedOf) {
  write(folder_ / "smime/jan.asc", "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\n…\n-----END PGP PUBLIC KEY BLOCK-----\n");
  load();
  ASSERT_EQ(problems_.size(), 1U);
  EXPECT_TRUE(
      problems_[0].contains("jan.asc:1:1: a PGP key, which nothing uses in a folder of certificates; zegel key "
                            "import "))
      << problems_[0];
}

TEST_F(Smime, TwoRunsShareNothing) {
  add("jan", "email:jan@klant.nl");
  const std::string one(seal(office_mail(), "jan@klant.nl")->bytes());
  const std::string two(seal(office_mail(), "jan@klant.nl")->bytes());
  std::size_t same = 0;
  const auto lines = text::split(two, '\n');
  for (const auto line : text::split(body_of(one), '\n'))
    same += line.size() > 70 && std::ranges::find(lines, line) != lines.end();
  EXPECT_LE(same, 3U);  // issuer and serial number
}

TEST_F(Smime, TheSendersSignatureIsInside) {
  add("jan", "email:jan@klant.nl");
  const std::string pair = read(office_.issue("piet", "email:piet@kantoor.nl")) + read(office_.key("piet"));
  ASSERT_TRUE(import(pair)[0].ok);
  const mail::Mailbox piet = mailbox("piet@kantoor.nl");
  EXPECT_TRUE(load()->can_sign(Method::smime, piet, now()));
  write(folder_ / "signed.eml", open_with_openssl(seal(office_mail(), "jan@klant.nl", {.signer = &piet}), "jan"));
  const auto verified =
      run("openssl cms -verify -purpose any -in " + (folder_ / "signed.eml") + " -CAfile " + office_.authority());
  EXPECT_EQ(verified.exit, 0) << verified.output;
  EXPECT_TRUE(verified.output.contains(body_canary));
}

TEST_F(Smime, AHiddenSubjectIsInsideOnly) {
  add("jan", "email:jan@klant.nl");
  const auto sealed =
      seal(office_mail("jan@klant.nl", "[veilig] Geheim dossier"), "jan@klant.nl", {.layering = {"[veilig]", true}});
  const std::string opened = open_with_openssl(sealed, "jan");
  EXPECT_TRUE(sealed->bytes().contains("Subject: [...]\r\n"));
  EXPECT_FALSE(sealed->bytes().contains("Geheim"));
  EXPECT_TRUE(opened.contains("\r\nSubject: Geheim dossier\r\n")) << opened.substr(0, 900);
  EXPECT_TRUE(opened.contains("HP-Outer: Subject: [...]\r\n"));
  EXPECT_TRUE(opened.contains("HP-Outer: Message-ID: <1@kantoor.nl>\r\n"));
  EXPECT_TRUE(opened.contains("boundary=\"b1\";\r\n hp=\"cipher\"\r\n"));
  EXPECT_EQ(opened.find("Bcc"), std::string::npos);
}

TEST_F(Smime, ATagIsTakenOffTheSubject) {
  add("jan", "email:jan@klant.nl");
  const auto sealed = seal(office_mail("jan@klant.nl", "=?utf-8?Q?Dossi=C3=ABr?= [VEILIG] 12"), "jan@klant.nl",
                           {.layering = {"[veilig]", false}});
  ASSERT_TRUE(sealed);
  EXPECT_FALSE(sealed->bytes().contains("VEILIG"));
  EXPECT_TRUE(sealed->bytes().contains("Subject: =?")) << sealed->bytes().substr(0, 400);
}

struct Unusable {
  std::string names;
  Wish wish;
  std::string reason;
};

TEST_F(Smime, WhatCannotBeUsedSaysWhy) {
  const std::string mail_only = "extendedKeyUsage=emailProtection";
  const std::vector<Unusable> table = {
      {"email:jan@klant.nl", {.extensions = "basicConstraints=CA:FALSE"}, "emailProtection"},
      {"email:jan@klant.nl", {.extensions = "extendedKeyUsage=serverAuth"}, "emailProtection"},
      {"email:jan@klant.nl", {.extensions = mail_only + "\nkeyUsage=digitalSignature"}, "signing only"},
      {"email:jan@klant.nl", {.algorithm = "rsa:1024"}, "RSA-1024 is too short"},
      {"email:jan@klant.nl", {.digest = "sha1"}, "SHA-1"},
      {"email:jan@klant.nl", {.algorithm = "ed25519"}, "cannot be encrypted to"},
      {"email:xjan@klant.nl", {}, "none"},
      {"email:jan@klant.nl.evil.nl", {}, "none"},
      {"DNS:klant.nl", {}, "none"},
  };
  int number = 0;
  for (const Unusable& row : table) {
    const std::string name = "c" + std::to_string(++number);
    add(name, row.names, row.wish);
    EXPECT_TRUE(why_not("jan@klant.nl").contains(row.reason)) << row.reason << " is not " << why_not("jan@klant.nl");
    EXPECT_TRUE(usable(*load(), "jan@klant.nl").empty());
    std::filesystem::remove(folder_ / ("smime/" + name + ".pem"));
  }
}

TEST_F(Smime, DatesAreAskedOfTheMomentOfSealing) {
  add("jan", "email:jan@klant.nl");
  const auto keys = load();
  const auto jan = mailbox("jan@klant.nl");
  EXPECT_TRUE(keys->certificates(jan, now())[0].usable);
  EXPECT_TRUE(keys->certificates(jan, now() + std::chrono::days(400))[0].why_not.starts_with("expired on 20"));
  EXPECT_TRUE(keys->certificates(jan, now() - std::chrono::days(2))[0].why_not.starts_with("not valid before 20"));
}

TEST_F(Smime, WithAuthoritiesAChainOrAPinIsNeeded) {
  add("jan", "email:jan@klant.nl");
  add("els", "email:els@klant.nl", {.self_signed = true});
  authorities_ = office_.authority();
  EXPECT_EQ(usable(*load(), "jan@klant.nl").size(), 1U);
  EXPECT_TRUE(why_not("els@klant.nl").starts_with("no authority vouches for it"));
  const auto imported = import(read(ca_ / "els.pem"));
  ASSERT_TRUE(imported[0].ok) << imported[0].what;
  EXPECT_EQ(usable(*load(), "els@klant.nl").size(), 1U);
}

TEST_F(Smime, ARevokedCertificateIsNotUsed) {
  add("jan", "email:jan@klant.nl");
  add("els", "email:els@klant.nl");
  write(ca_ / "index.txt", "");
  write(ca_ / "crlnumber", "01\n");
  write(ca_ / "ca.cnf", "[ca]\ndefault_ca=x\n[x]\ndatabase=" + (ca_ / "index.txt") +
                            "\ncrlnumber=" + (ca_ / "crlnumber") + "\ndefault_md=sha256\ndefault_crl_days=2\n");
  const std::string ca =
      "openssl ca -config " + (ca_ / "ca.cnf") + " -keyfile " + (ca_ / "ca.key") + " -cert " + office_.authority();
  ASSERT_EQ(run(ca + " -revoke " + (ca_ / "jan.pem")).exit, 0);
  std::filesystem::create_directory(folder_ / "crl");
  const auto made = run(ca + " -gencrl -out " + (folder_ / "crl/ca.crl"));
  ASSERT_EQ(made.exit, 0) << made.output;
  crl_dir_ = folder_ / "crl";
  for (const std::string& authorities : {std::string(), office_.authority()}) {
    authorities_ = authorities;
    EXPECT_TRUE(why_not("jan@klant.nl").starts_with("revoked on ")) << why_not("jan@klant.nl");
    EXPECT_EQ(why_not("els@klant.nl"), "");
  }
  const auto later = load()->certificates(mailbox("els@klant.nl"), now() + std::chrono::days(5));
  EXPECT_TRUE(later[0].usable) << "within the week of grace";
  const auto too_late = load()->certificates(mailbox("els@klant.nl"), now() + std::chrono::days(10));
  EXPECT_TRUE(too_late[0].why_not.contains("is out of date since")) << too_late[0].why_not;
}

TEST_F(Smime, TheLocalPartAsWrittenGoesBeforeTheFolded) {
  add("one", "email:Jan@klant.nl");
  add("two", "email:jan@klant.nl");
  EXPECT_EQ(usable(*load(), "jan@klant.nl").size(), 1U);
  EXPECT_EQ(usable(*load(), "JAN@klant.nl").size(), 2U);
  EXPECT_NE(usable(*load(), "jan@klant.nl"), usable(*load(), "Jan@klant.nl"));
}

TEST_F(Smime, AnInternationalMailboxIsFound) {
  add("jo", "@names",
      {.extensions = "extendedKeyUsage=emailProtection\n[names]\n"
                     "otherName=1.3.6.1.5.5.7.8.9;FORMAT:UTF8,UTF8String:jörg@klant.nl"});
  EXPECT_EQ(usable(*load(), "jörg@klant.nl").size(), 1U);
}

TEST_F(Smime, BrokenFilesAreProblemsAndTheRestCounts) {
  add("jan", "email:jan@klant.nl");
  write(folder_ / "smime/broken.der", "\x30\x82\x01\x02 not really");
  write(folder_ / "smime/notes.txt", "hello");
  EXPECT_EQ(usable(*load(), "jan@klant.nl").size(), 1U);
  EXPECT_EQ(problems_.size(), 2U);
  for (const std::string& bytes : {std::string("\x30\x82\x01\x02 not really"), std::string("hello"), std::string()}) {
    EXPECT_FALSE(import(bytes)[0].ok);
  }
}

TEST_F(Smime, NothingIsSealedToAKeyThatIsGoneOrUnusable) {
  add("jan", "email:jan@klant.nl", {.extensions = "extendedKeyUsage=serverAuth"});
  const auto keys = load();
  const mail::Message message(office_mail());
  const std::string print = keys->certificates(mailbox("jan@klant.nl"), now())[0].fingerprint;
  for (const std::string& key : {print, std::string("00")}) {
    const std::vector prints{key};
    EXPECT_FALSE(
        SmimeSealer(*keys).seal(message, mail::scan(message), {prints, nullptr, Cipher::aes256_cbc, {}, now()}));
  }
  const std::vector<std::string> nobody;
  EXPECT_FALSE(SmimeSealer(*keys).seal(message, mail::scan(message), {nobody, nullptr, Cipher::aes256_cbc, {}, now()}));
}

}  // namespace
}  // namespace zegel::seal
