#include "seal/sealer.h"

#include <gtest/gtest.h>

#include "core/time.h"
#include "mail/structure.h"
#include "seal/certificate_office.h"
#include "seal/keys.h"
#include "seal/pgp_engine.h"
#include "seal/pgp_office.h"
#include "seal/workbench.h"

namespace zegel::seal {
namespace {

using test::CertificateOffice;
using test::expect_no_canary;
using test::Folder;
using test::office_mail;
using test::PgpOffice;
using test::read;
using test::run;
using test::write;

mail::Mailbox mailbox(std::string_view text) { return mail::parse_mailbox(text).value(); }

decide::Decision send(std::string_view to, decide::Send how) {
  decide::Decision decision;
  decision.recipient.mailbox = mailbox(to);
  decision.what = std::move(how);
  decision.rule = "zegel.toml:1";
  return decision;
}

/// Jan and Els have certificates, Pim has a PGP key.
class SealerTest : public testing::Test {
 protected:
  SealerTest() {
    CertificateOffice certificates(other_);
    for (const std::string name : {"jan", "els"}) {
      prints_[name] = import(read(certificates.issue(name, "email:" + name + "@klant.nl")));
    }
    const PgpOffice office(other_);
    prints_["pim"] = import(office.exported(office_make(office)));
    std::vector<std::string> problems;
    keys_ = Keys::load(sources(), now(), problems);
  }
  ~SealerTest() override { run("gpgconf --homedir " + (folder_ / "gnupg") + " --kill gpg-agent"); }

  static std::string office_make(const PgpOffice& office) {
    return const_cast<PgpOffice&>(office).make("Pim <pim@klant.nl>");
  }

  [[nodiscard]] KeySources sources() const { return {folder_ / "smime", "", "", folder_ / "gnupg"}; }

  std::string import(const std::string& bytes) {
    const auto imported = import_keys(sources(), bytes, false, now(), [] { return Secret(); });
    EXPECT_TRUE(imported.at(0).ok) << imported[0].what;
    return imported[0].fingerprint;
  }

  std::expected<std::vector<Copy>, SealFailure> seal(std::vector<decide::Decision> decisions,
                                                     const std::string& bytes) {
    const mail::Message message(bytes);
    mail::Envelope envelope;
    envelope.from = mailbox("piet@kantoor.nl");
    SealContext context;
    context.reference = "7K3QX9M2TB";
    context.now = now();
    context.agreed_password = [](const mail::Mailbox& who) {
      return who.local == "jan" ? std::optional(Secret("afgesproken-woorden")) : std::nullopt;
    };
    const Sealer sealer(keys_, make_pgp_engine(folder_ / "gnupg"));
    return sealer.seal({std::move(decisions)}, message, mail::scan(message), envelope, context);
  }

  decide::Send smime(const std::string& name) { return {.method = Method::smime, .keys = {prints_[name]}}; }

  Folder folder_;
  Folder other_;
  std::map<std::string, std::string> prints_;
  std::shared_ptr<const Keys> keys_;
};

TEST_F(SealerTest, EachMethodHasACopyAndNoneNamesTheOthersKey) {
  const auto copies = seal(
      {send("jan@klant.nl", smime("jan")), send("pim@klant.nl", {.method = Method::pgp, .keys = {prints_["pim"]}})},
      office_mail("jan@klant.nl, pim@klant.nl"));
  ASSERT_TRUE(copies) << copies.error().error.why;
  ASSERT_EQ(copies->size(), 2U);
  EXPECT_EQ(copies->at(0).keys, std::vector{prints_["jan"]});
  EXPECT_EQ(copies->at(1).keys, std::vector{prints_["pim"]});
  for (const Copy& copy : *copies) expect_no_canary(copy.message.bytes());
}

TEST_F(SealerTest, VisibleRecipientsShareACopyAndHiddenOnesDoNot) {
  const auto together = seal({send("jan@klant.nl", smime("jan")), send("els@klant.nl", smime("els"))},
                             office_mail("jan@klant.nl, Els <ELS@klant.nl>"));
  ASSERT_TRUE(together);
  ASSERT_EQ(together->size(), 1U);
  EXPECT_EQ(together->at(0).recipients.size(), 2U);
  const auto apart =
      seal({send("jan@klant.nl", smime("jan")), send("els@klant.nl", smime("els"))}, office_mail("jan@klant.nl"));
  ASSERT_TRUE(apart);
  ASSERT_EQ(apart->size(), 2U);
  write(folder_ / "jan.eml", apart->at(0).message.bytes());
  EXPECT_EQ(apart->at(0).keys, std::vector{prints_["jan"]});
  const auto infos = run("openssl cms -cmsout -print -in " + (folder_ / "jan.eml"));
  EXPECT_EQ(infos.output.find("d.ktri"), infos.output.rfind("d.ktri")) << "only one recipient shows";
}

TEST_F(SealerTest, AHiddenPgpRecipientsKeyShowsToNobody) {
  const PgpOffice office(other_);
  prints_["pam"] = import(office.exported(const_cast<PgpOffice&>(office).make("Pam <pam@klant.nl>")));
  std::vector<std::string> problems;
  keys_ = Keys::load(sources(), now(), problems);
  const auto pgp = [&](const std::string& name) {
    return send(name + "@klant.nl", {.method = Method::pgp, .keys = {prints_[name]}});
  };
  const auto copies = seal({pgp("pim"), pgp("pam")}, office_mail("pim@klant.nl"));
  ASSERT_TRUE(copies) << copies.error().error.why;
  ASSERT_EQ(copies->size(), 2U);
  std::vector<std::string> packets;
  for (const Copy& copy : *copies) {
    write(folder_ / "copy.eml", copy.message.bytes());
    packets.push_back(office.gpg("--list-packets " + (folder_ / "copy.eml")).output);
    expect_no_canary(copy.message.bytes());
    const std::size_t first = packets.back().find(":pubkey enc packet:");
    EXPECT_NE(first, std::string::npos);
    EXPECT_EQ(first, packets.back().rfind(":pubkey enc packet:")) << packets.back();
  }
  const auto named = [](const std::string& listed) { return listed.substr(listed.find("keyid "), 22); };
  EXPECT_NE(named(packets[0]), named(packets[1]));
}

TEST_F(SealerTest, ANewZipPasswordIsForOneRecipientAnAgreedOneStaysUnsaid) {
  const decide::Send fresh{.method = Method::zip};
  const auto copies = seal({send("a@x.nl", fresh), send("b@x.nl", fresh)}, office_mail("a@x.nl, b@x.nl"));
  ASSERT_TRUE(copies) << copies.error().error.why;
  ASSERT_EQ(copies->size(), 2U);
  EXPECT_FALSE(copies->at(0).password.empty());
  EXPECT_NE(copies->at(0).password.reveal(), copies->at(1).password.reveal());
  expect_no_canary(copies->at(0).message.bytes());
  const decide::Send agreed{.method = Method::zip, .password = PasswordMode::agreed};
  const auto known = seal({send("jan@klant.nl", agreed)}, office_mail());
  ASSERT_TRUE(known);
  EXPECT_TRUE(known->at(0).password.empty());
  EXPECT_FALSE(seal({send("els@klant.nl", agreed)}, office_mail())) << "none is agreed with her";
}

TEST_F(SealerTest, AllOrNothing) {
  decide::Send unknown{.method = Method::smime, .keys = {"00"}};
  const auto copies = seal({send("jan@klant.nl", smime("jan")), send("els@klant.nl", unknown)}, office_mail());
  ASSERT_FALSE(copies);
  EXPECT_FALSE(copies.error().temporary);
}

TEST_F(SealerTest, AClearMessageLosesBccAndOurOwnFieldsOnly) {
  const auto copies = seal({send("jan@klant.nl", {.method = Method::clear})}, office_mail());
  ASSERT_TRUE(copies);
  std::string expected = office_mail();
  for (const std::string line : {"Bcc: geheim@elders.nl\r\n", "X-Zegel-Test: 1\r\n"})
    expected.erase(expected.find(line), line.size());
  EXPECT_EQ(copies->at(0).message.bytes(), expected);
}

/// What look() finds in a message.
decide::Facts facts(const std::string& bytes) {
  const mail::Message message(bytes);
  return look(message, mail::scan(message));
}

TEST_F(SealerTest, WhatWeSealedIsSeenToBeSealedAndPasses) {
  const auto smime_copy = seal({send("jan@klant.nl", smime("jan"))}, office_mail());
  const auto pgp_copy = seal({send("pim@klant.nl", {.method = Method::pgp, .keys = {prints_["pim"]}})}, office_mail());
  ASSERT_TRUE(smime_copy && pgp_copy);
  const std::string smime_bytes(smime_copy->at(0).message.bytes());
  const std::string pgp_bytes(pgp_copy->at(0).message.bytes());
  EXPECT_TRUE(facts(smime_bytes).smime_encrypted);
  EXPECT_TRUE(facts(pgp_bytes).pgp_encrypted);
  const auto passed = seal({send("jan@klant.nl", {.method = Method::smime, .already_sealed = true})}, smime_bytes);
  ASSERT_TRUE(passed);
  EXPECT_EQ(passed->at(0).message.bytes(), smime_bytes);
  EXPECT_TRUE(passed->at(0).was_sealed_already);
}

TEST(Look, BelievesNoLabel) {
  const std::string head = "From: a@x.nl\r\nSubject: =?utf-8?Q?h=C3=A9?= [veilig]\r\nMIME-Version: 1.0\r\n";
  const auto lying =
      facts(head + "Content-Type: application/pkcs7-mime; smime-type=enveloped-data\r\n\r\nCANARY in clear\r\n");
  EXPECT_FALSE(lying.smime_encrypted);
  EXPECT_EQ(lying.subject, "hé [veilig]");
  const std::string multipart =
      head + "Content-Type: multipart/encrypted; protocol=\"application/pgp-encrypted\"; boundary=b\r\n\r\n";
  const std::string version = "--b\r\nContent-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n";
  const std::string part = "--b\r\nContent-Type: application/octet-stream\r\n\r\n";
  EXPECT_FALSE(facts(multipart + version + part + "CANARY in clear\r\n--b--\r\n").pgp_encrypted);
  const std::string block =
      "-----BEGIN PGP MESSAGE-----\r\n\r\nwQ0DqqqqqqqqqqoBAAEB0gUBYWJjZA==\r\n-----END PGP MESSAGE-----\r\n";
  EXPECT_TRUE(facts(multipart + version + part + block + "--b--\r\n").pgp_encrypted);
  EXPECT_FALSE(facts(multipart + "CANARY before\r\n" + version + part + block + "--b--\r\n").pgp_encrypted);
  EXPECT_FALSE(facts(multipart + version + part + block + "--b--\r\nCANARY after\r\n").pgp_encrypted);
  EXPECT_FALSE(facts(multipart + version + part + "CANARY\r\n" + block + "--b--\r\n").pgp_encrypted);
  std::string speaking = block;
  speaking.replace(speaking.find("\r\n"), 2, "\r\nVersion: GnuPG v2\r\nCANARY in clear\r\n");
  EXPECT_FALSE(facts(multipart + version + part + speaking + "--b--\r\n").pgp_encrypted);
  EXPECT_FALSE(facts(head + "Content-Type: text/plain\r\n\r\n" + block).pgp_encrypted);
}

}  // namespace
}  // namespace zegel::seal
