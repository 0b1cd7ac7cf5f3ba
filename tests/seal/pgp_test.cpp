#include <gtest/gtest.h>

#include "seal/pgp_fixture.h"

namespace zegel::seal {
namespace {

using test::body_canary;
using test::expect_no_canary;
using test::mailbox;
using test::office_mail;
using test::Pgp;
using test::run;
using test::write;

TEST_F(Pgp, GpgOpensWhatWasSealed) {
  const std::string print = office_.make("Jan <jan@klant.nl>");
  const auto imported = import(office_.exported(print));
  ASSERT_EQ(imported.size(), 1U);
  ASSERT_TRUE(imported[0].ok) << imported[0].what;
  EXPECT_EQ(imported[0].fingerprint, print);
  const auto sealed = seal(office_mail(), {print});
  ASSERT_TRUE(sealed) << sealed.error().error.why;
  expect_no_canary(sealed->bytes());
  write(folder_ / "sealed.eml", sealed->bytes());
  const auto opened = office_.gpg("--decrypt " + (folder_ / "sealed.eml"));
  EXPECT_EQ(opened.exit, 0);
  EXPECT_TRUE(opened.output.contains(body_canary)) << opened.output;
}

/// A certificate of RFC 9580 (the primary key of its appendix A.3) that names `address`.
std::string version_6(const std::string& address) {
  return base64::decode("xioGY4d/4xsAAAAg+U2nu0jWCmHlZ3BqZYfQMxmZu52JGggkLq2EVD34laM=").value() + '\xCD' +
         static_cast<char>(address.size()) + address;
}

TEST_F(Pgp, AKeyThatGpgCannotReadTakesNobodyElsesAway) {
  const std::string jan = office_.make("Jan <jan@klant.nl>");
  write(folder_ / "gnupg/pubring.gpg", version_6("Els <els@klant.nl>") + office_.exported(jan, "--export"));
  const auto keys = load();
  ASSERT_EQ(keys->pgp_keys(mailbox("jan@klant.nl"), now()).size(), 1U);
  EXPECT_TRUE(keys->pgp_keys(mailbox("jan@klant.nl"), now())[0].usable);
  ASSERT_EQ(keys->pgp_keys(mailbox("els@klant.nl"), now()).size(), 1U);
  const decide::Candidate els = keys->pgp_keys(mailbox("els@klant.nl"), now())[0];
  EXPECT_FALSE(els.usable);
  EXPECT_EQ(els.why_not, "it is a version 6 key: only version 4 can be used here");
  EXPECT_EQ(els.fingerprint, "CB186C4F0609A697E4D52DFA6C722B0C1F1E27C18A56708F6525EC27BAD9ACC9") << "RFC 9580 A.3";
  const auto sealed = seal(office_mail(), {jan});
  ASSERT_TRUE(sealed) << sealed.error().error.why;
  EXPECT_FALSE(seal(office_mail(), {els.fingerprint}));
  ASSERT_TRUE(remove_key(sources(), els.fingerprint));
  EXPECT_TRUE(load()->pgp_keys(mailbox("els@klant.nl"), now()).empty());
  EXPECT_EQ(load()->pgp_keys(mailbox("jan@klant.nl"), now()).size(), 1U);
}

TEST_F(Pgp, WhatCanBeUsedOfAFileIsImportedAndTheRestNamed) {
  const std::string jan = office_.make("Jan <jan@klant.nl>");
  const auto imported = import(version_6("Jan <jan@klant.nl>") + office_.exported(jan, "--export"));
  ASSERT_EQ(imported.size(), 2U);
  EXPECT_FALSE(imported[0].ok);
  EXPECT_TRUE(imported[0].what.starts_with("a version 6 key: only version 4")) << imported[0].what;
  EXPECT_TRUE(imported[1].ok) << imported[1].what;
  EXPECT_TRUE(load()->pgp_keys(mailbox("jan@klant.nl"), now())[0].usable);
}

TEST_F(Pgp, ASenderWhoseSigningSubkeyEndedIsNotSignedFor) {
  ASSERT_EQ(office_.gpg("--quick-generate-key \"Piet <piet@kantoor.nl>\" ed25519 cert never").exit, 0);
  const std::string listed = office_.gpg("--with-colons --list-keys piet@kantoor.nl").output;
  const std::string piet = listed.substr(listed.find("fpr:::::::::") + 12, 40);
  ASSERT_EQ(office_.gpg("--quick-add-key " + piet + " ed25519 sign 30d").exit, 0);
  ASSERT_EQ(office_.gpg("--quick-add-key " + piet + " cv25519 encr never").exit, 0);
  const auto imported = import(office_.exported(piet, "--armor --export-secret-keys"));
  ASSERT_TRUE(imported[0].ok) << imported[0].what;
  const auto keys = load();
  const mail::Mailbox sender = mailbox("piet@kantoor.nl");
  EXPECT_TRUE(keys->can_sign(Method::pgp, sender, now()));
  EXPECT_FALSE(keys->can_sign(Method::pgp, sender, now() + std::chrono::days(31)));
}

TEST_F(Pgp, AShortElgamalKeyIsNotUsed) {
  const std::string jan = office_.make("Jan <jan@klant.nl>", "ed25519", "elg1024");
  const auto imported = import(office_.exported(jan));
  ASSERT_EQ(imported.size(), 1U);
  EXPECT_FALSE(imported[0].ok);
  EXPECT_TRUE(imported[0].what.ends_with("-1024 is too short")) << imported[0].what;
}

TEST_F(Pgp, ARingThatGpgReadsOnlyInPartIsComplainedOf) {
  const std::string jan = office_.make("Jan <jan@klant.nl>");
  const std::string els = office_.make("Els <els@klant.nl>");
  ASSERT_TRUE(import(office_.exported(jan))[0].ok);
  ASSERT_TRUE(import(office_.exported(els))[0].ok);
  std::string ring = test::read(folder_ / "gnupg/pubring.kbx");
  const std::size_t second = ring.rfind(office_.exported(els, "--export").substr(0, 20));
  ASSERT_NE(second, std::string::npos);
  ring.replace(second + 2 + 6, 1, 1, '\x63');  // an algorithm that nobody knows
  write(folder_ / "gnupg/pubring.kbx", ring);
  std::vector<std::string> problems;
  const auto keys = Keys::load(sources(), now(), problems);
  EXPECT_TRUE(keys->pgp_keys(mailbox("els@klant.nl"), now()).empty());
  EXPECT_TRUE(keys->pgp_keys(mailbox("jan@klant.nl"), now())[0].usable);
  ASSERT_EQ(problems.size(), 1U);
  EXPECT_TRUE(problems[0].contains("gnupg:1:1: gpg reads only 1 of the 2 keys of this ring; ")) << problems[0];
  EXPECT_EQ(keys->unreadable(Method::pgp), problems[0]);
  const std::string other = office_.make("Els Other <els@klant.nl>");
  EXPECT_TRUE(import(office_.exported(other))[0].what.contains("whether there is another is unknown"));
  write(folder_ / "gnupg/pubring.kbx", ring.substr(0, ring.size() - 5));
  problems.clear();
  EXPECT_TRUE(Keys::load(sources(), now(), problems)->unreadable(Method::pgp).contains("a damaged keybox"));
}

TEST_F(Pgp, AHomeThatIsNoFolderIsNotTakenForAnEmptyRing) {
  std::vector<std::string> problems;
  std::filesystem::remove_all(folder_ / "gnupg");
  EXPECT_EQ(Keys::load(sources(), now(), problems)->unreadable(Method::pgp), "") << "not there is empty";
  write(folder_ / "gnupg", "not a folder");
  const std::string why = Keys::load(sources(), now(), problems)->unreadable(Method::pgp);
  EXPECT_TRUE(why.contains("gnupg:1:1: it is not a folder that can be looked into; ")) << why;
  EXPECT_EQ(problems, std::vector{why});
}

TEST_F(Pgp, OneSealedCopyNamesEveryRecipientAndNobodyElse) {
  const std::string jan = office_.make("Jan <jan@klant.nl>");
  const std::string els = office_.make("Els <els@klant.nl>", "rsa2048", "rsa2048");
  ASSERT_TRUE(import(office_.exported(jan) + office_.exported(els, "--armor --export"))[0].ok);
  const auto sealed = seal(office_mail(), {jan, els});
  ASSERT_TRUE(sealed) << sealed.error().error.why;
  write(folder_ / "sealed.eml", sealed->bytes());
  const auto listed = office_.gpg("--list-packets " + (folder_ / "sealed.eml"));
  EXPECT_TRUE(listed.output.contains(":encrypted data packet:"));
  EXPECT_TRUE(listed.output.contains("mdc_method: 2"));
}

TEST_F(Pgp, AKeptGpgMakesWhatAGpgPerMessageMakes) {
  const std::string jan = office_.make("Jan <jan@klant.nl>");
  const std::string els = office_.make("Els <els@klant.nl>", "rsa2048", "rsa2048");
  ASSERT_TRUE(import(office_.exported(jan))[0].ok);
  ASSERT_TRUE(import(office_.exported(els))[0].ok);
  const auto keys = load();
  const mail::Message message(office_mail());
  const auto engine = make_fast_engine(folder_ / "gnupg", {5, "gpg"});
  for (const auto& prints : {std::vector{jan}, std::vector{els}, std::vector{jan, els}, std::vector{jan}}) {
    const auto sealed = PgpSealer(*keys, *engine).seal(message, mail::scan(message), {prints, nullptr, {}, now()});
    ASSERT_TRUE(sealed) << sealed.error().error.why;
    expect_no_canary(sealed->bytes());
    write(folder_ / "sealed.eml", sealed->bytes());
    EXPECT_TRUE(office_.gpg("--decrypt " + (folder_ / "sealed.eml")).output.contains(body_canary));
  }
  EXPECT_FALSE(std::filesystem::exists(folder_ / "gnupg/recipients")) << "the plain engine had to help";
}

TEST_F(Pgp, TheSendersSignatureIsInside) {
  const std::string jan = office_.make("Jan <jan@klant.nl>");
  const std::string piet = office_.make("Piet <piet@kantoor.nl>");
  ASSERT_TRUE(import(office_.exported(jan))[0].ok);
  const auto imported = import(office_.exported(piet, "--armor --export-secret-keys"));
  ASSERT_TRUE(imported[0].ok) << imported[0].what;
  const mail::Mailbox sender = mailbox("piet@kantoor.nl");
  EXPECT_TRUE(load()->can_sign(Method::pgp, sender, now()));
  const auto sealed = seal(office_mail(), {jan}, &sender);
  ASSERT_TRUE(sealed) << sealed.error().error.why;
  write(folder_ / "sealed.eml", sealed->bytes());
  const auto opened = office_.gpg("--status-fd 1 --decrypt " + (folder_ / "sealed.eml"));
  EXPECT_TRUE(opened.output.contains("VALIDSIG " + piet)) << opened.output;
}

TEST_F(Pgp, ASecretKeyOfARecipientIsRefused) {
  const std::string jan = office_.make("Jan <jan@klant.nl>");
  const auto imported = import(office_.exported(jan, "--armor --export-secret-keys"));
  ASSERT_EQ(imported.size(), 1U);
  EXPECT_FALSE(imported[0].ok);
  EXPECT_TRUE(imported[0].what.contains("secret key")) << imported[0].what;
}

std::string why_not(const Keys& keys, std::string_view address, Time when = now()) {
  const auto candidates = keys.pgp_keys(mailbox(address), when);
  return candidates.empty() ? "none" : candidates.front().why_not;
}

TEST_F(Pgp, WhatCannotBeUsedIsNotTakenAndSaysWhy) {
  const std::string sign_only = office_.make("Sign <sign@klant.nl>", "ed25519", "");
  const std::string shorty = office_.make("Short <short@klant.nl>", "rsa1024", "rsa1024");
  const std::string nobody = office_.make("Nobody at all");
  EXPECT_TRUE(import(office_.exported(sign_only))[0].what.contains("for signing only"));
  EXPECT_TRUE(import(office_.exported(shorty))[0].what.contains("RSA-1024 is too short"));
  EXPECT_TRUE(import(office_.exported(nobody))[0].what.contains("names no e-mail address"));
  EXPECT_TRUE(
      import(std::string("\xC6\x0A\x06\x66\x00\x00\x00\x1B\x00\x00\x00\x00", 12))[0].what.contains("version 6"));
  EXPECT_FALSE(import("-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nnonsense\n")[0].ok);
  EXPECT_FALSE(import(std::string("\x99\x01", 2))[0].ok);
  EXPECT_TRUE(load()->list(now()).empty());
}

TEST_F(Pgp, OnlyTheExactAddressIsFound) {
  const std::string jan = office_.make("jan@klant.nl <xjan@klant.nl>");
  ASSERT_TRUE(import(office_.exported(jan))[0].ok);
  const auto keys = load();
  EXPECT_EQ(why_not(*keys, "xjan@klant.nl"), "");
  EXPECT_EQ(why_not(*keys, "jan@klant.nl"), "has this address only in its name, and is of xjan@klant.nl");
  for (const std::string_view other : {"an@klant.nl", "xjan@klant.nl.evil.nl", "xjan@klant.n"}) {
    EXPECT_EQ(why_not(*keys, other), "none") << other;
  }
}

TEST_F(Pgp, AKeyEndsOnItsDay) {
  const std::string jan = office_.make("Jan <jan@klant.nl>");
  ASSERT_TRUE(import(office_.exported(jan))[0].ok);
  const auto keys = load();
  EXPECT_EQ(why_not(*keys, "jan@klant.nl"), "");
  EXPECT_TRUE(why_not(*keys, "jan@klant.nl", now() + std::chrono::days(400)).starts_with("expired on 20"));
}

TEST_F(Pgp, ARevocationReachesTheKeyOnFile) {
  const std::string jan = office_.make("Jan <jan@klant.nl>");
  ASSERT_TRUE(import(office_.exported(jan))[0].ok);
  const std::string revocation = test::read(other_ / ("openpgp-revocs.d/" + jan + ".rev"));
  write(other_ / "rev", revocation.substr(revocation.find("-----BEGIN")));
  ASSERT_EQ(office_.gpg("--import " + (other_ / "rev")).exit, 0);
  const auto imported = import(office_.exported(jan));
  EXPECT_FALSE(imported[0].ok);
  EXPECT_TRUE(imported[0].what.contains("revoked")) << imported[0].what;
  EXPECT_EQ(why_not(*load(), "jan@klant.nl"), "revoked");
}

TEST_F(Pgp, AKeyThatChangesWaitsForTheAdministrator) {
  ASSERT_TRUE(import(office_.exported(office_.make("Jan <jan@klant.nl>")))[0].ok);
  const std::string fresh = office_.make("Jan de Vries <jan@klant.nl>");
  EXPECT_TRUE(import(office_.exported(fresh))[0].what.contains("--replace"));
  ASSERT_TRUE(import(office_.exported(fresh), true)[0].ok);
  const auto found = load()->pgp_keys(mailbox("jan@klant.nl"), now());
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].fingerprint, fresh);
  EXPECT_TRUE(remove_key(sources(), fresh));
  EXPECT_TRUE(load()->list(now()).empty());
}

TEST_F(Pgp, ARemovedKeyLeavesNothingBehind) {
  const std::string jan = office_.make("Jan <jan@klant.nl>");
  ASSERT_TRUE(import(office_.exported(jan))[0].ok);
  ASSERT_EQ(run("grep -rl klant " + (folder_ / "gnupg")).exit, 0);
  ASSERT_TRUE(remove_key(sources(), jan));
  EXPECT_NE(run("grep -rl klant " + (folder_ / "gnupg")).exit, 0);
}

TEST_F(Pgp, TwoRunsShareNothing) {
  const std::string jan = office_.make("Jan <jan@klant.nl>");
  ASSERT_TRUE(import(office_.exported(jan))[0].ok);
  const std::string one(seal(office_mail(), {jan})->bytes());
  const std::string two(seal(office_mail(), {jan})->bytes());
  std::size_t same = 0;
  for (std::size_t at = one.find("BEGIN PGP") + 200; at + 24 < one.size() - 200; at += 24)
    same += two.contains(one.substr(at, 24));
  EXPECT_EQ(same, 0U);
}

TEST_F(Pgp, TwoRunsShareNoSessionKey) {
  const std::string jan = office_.make("Jan <jan@klant.nl>");
  ASSERT_TRUE(import(office_.exported(jan))[0].ok);
  std::vector<std::string> session_keys;
  for (int i = 0; i < 2; ++i) {
    write(folder_ / "sealed.eml", seal(office_mail(), {jan})->bytes());
    const std::string shown = office_.gpg("--show-session-key --decrypt " + (folder_ / "sealed.eml")).output;
    const std::size_t at = shown.find("9:");  // AES-256
    ASSERT_NE(at, std::string::npos) << shown;
    session_keys.push_back(shown.substr(at, 66));
  }
  EXPECT_NE(session_keys[0], session_keys[1]);
}

}  // namespace
}  // namespace zegel::seal
