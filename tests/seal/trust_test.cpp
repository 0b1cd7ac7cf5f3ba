// Who vouches for a certificate, who takes that back, and what is said of it.
#include "seal/smime_fixture.h"

namespace zegel::seal {
namespace {

using test::mailbox;
using test::read;
using test::run;
using test::write;

/// An authority that revokes, and one below it.
class Trusted : public test::Smime {
 protected:
  Trusted() {
    authorities_ = office_.authority();
    write(ca_ / "index.txt", "");
    write(ca_ / "crlnumber", "01\n");
    write(ca_ / "ca.cnf", "[ca]\ndefault_ca=x\n[x]\ndatabase=" + (ca_ / "index.txt") +
                              "\ncrlnumber=" + (ca_ / "crlnumber") + "\ndefault_md=sha256\n");
  }

  /// A revocation list in the folder of such.
  void publish(int days = 2) {
    crl_dir_ = folder_ / "crl";
    std::filesystem::create_directories(crl_dir_);
    const auto made =
        run("openssl ca -config " + (ca_ / "ca.cnf") + " -gencrl -crldays " + std::to_string(days) + " -keyfile " +
            (ca_ / "ca.key") + " -cert " + (ca_ / "ca.pem") + " -out " + crl_dir_ + "/ca.crl");
    ASSERT_EQ(made.exit, 0) << made.output;
  }

  std::string complaints(int days_on) {
    std::string all;
    for (const std::string& one : load()->complaints(now() + std::chrono::days(days_on))) all += one + "\n";
    return all;
  }
};

TEST_F(Trusted, AListOutOfDateIsComplainedOfThenItsAuthoritysCertificatesAreRefused) {
  add("jan", "email:jan@klant.nl");
  publish();
  const auto at = [&](int days) {
    return load()->certificates(mailbox("jan@klant.nl"), now() + std::chrono::days(days));
  };
  EXPECT_EQ(complaints(0), "");
  EXPECT_TRUE(at(0).at(0).usable);
  EXPECT_TRUE(complaints(5).contains("crl/ca.crl:1:1: this revocation list is out of date since ")) << complaints(5);
  EXPECT_TRUE(complaints(5).contains("will not be used; fetch a new one")) << complaints(5);
  EXPECT_TRUE(at(5).at(0).usable) << "a week of grace";
  EXPECT_TRUE(complaints(10).contains("are not used; fetch a new one")) << complaints(10);
  EXPECT_TRUE(at(10).at(0).why_not.contains("out of date since")) << at(10).at(0).why_not;
}

TEST_F(Trusted, AnOldListBesideAFreshOneDoesNoHarmAndStillRevokes) {
  add("jan", "email:jan@klant.nl");
  add("els", "email:els@klant.nl");
  ASSERT_EQ(run("openssl ca -config " + (ca_ / "ca.cnf") + " -keyfile " + (ca_ / "ca.key") + " -cert " +
                (ca_ / "ca.pem") + " -revoke " + (ca_ / "els.pem"))
                .exit,
            0);
  publish(2);
  std::filesystem::rename(crl_dir_ + "/ca.crl", crl_dir_ + "/old.crl");
  write(ca_ / "index.txt", "");
  publish(60);
  const auto keys = load();
  const Time later = now() + std::chrono::days(20);
  EXPECT_EQ(complaints(20), "");
  EXPECT_TRUE(keys->certificates(mailbox("jan@klant.nl"), later).at(0).usable);
  EXPECT_TRUE(keys->certificates(mailbox("els@klant.nl"), later).at(0).why_not.starts_with("revoked on "));
}

TEST_F(Trusted, AnAuthorityWithoutAListIsComplainedOf) {
  add("jan", "email:jan@klant.nl");
  std::filesystem::create_directories(folder_ / "crl");
  EXPECT_EQ(complaints(0), "") << "no crl_dir, no revocation";
  crl_dir_ = folder_ / "crl";
  EXPECT_TRUE(complaints(0).contains("no revocation list of CN=Office-CA")) << complaints(0);
  EXPECT_EQ(why_not("jan@klant.nl"), "");
}

TEST_F(Trusted, AListThatAStrangerSignedDoesNotCount) {
  add("jan", "email:jan@klant.nl");
  office_.issue("stranger", "");
  ASSERT_EQ(run("openssl ca -config " + (ca_ / "ca.cnf") + " -keyfile " + (ca_ / "ca.key") + " -cert " +
                office_.authority() + " -revoke " + (ca_ / "jan.pem"))
                .exit,
            0);
  // The stranger's key under the authority's name.
  run("openssl req -x509 -key " + (ca_ / "stranger.key") + " -days 30 -subj /CN=Office-CA -out " + (ca_ / "fake.pem") +
      " -addext keyUsage=critical,keyCertSign,cRLSign");
  crl_dir_ = folder_ / "crl";
  std::filesystem::create_directories(crl_dir_);
  ASSERT_EQ(run("openssl ca -config " + (ca_ / "ca.cnf") + " -gencrl -crldays 2 -keyfile " + (ca_ / "stranger.key") +
                " -cert " + (ca_ / "fake.pem") + " -out " + crl_dir_ + "/ca.crl")
                .exit,
            0);
  EXPECT_EQ(why_not("jan@klant.nl"), "");
  EXPECT_TRUE(complaints(0).contains("was not signed by its authority")) << complaints(0);
}

/// A chain that is weak in its middle: the leaf alone looks well.
TEST_F(Trusted, Sha1InTheChainIsRefused) {
  for (const std::string digest : {"sha256", "sha1"}) {
    const std::string middle = "middle-" + digest;
    office_.issue(middle, "",
                  {.extensions = "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign", .digest = digest});
    write(folder_ / ("smime/" + middle + ".pem"), read(ca_ / (middle + ".pem")));
    const std::string leaf = ca_ / ("leaf-" + digest);
    write(leaf + ".ext", "subjectAltName=email:" + digest + "@klant.nl\nextendedKeyUsage=emailProtection\n");
    run("openssl req -new -newkey rsa:2048 -nodes -subj /CN=leaf -keyout " + leaf + ".key -out " + leaf + ".csr");
    const auto issued = run("openssl x509 -req -in " + leaf + ".csr -days 30 -sha256 -CA " + (ca_ / (middle + ".pem")) +
                            " -CAkey " + (ca_ / (middle + ".key")) + " -CAcreateserial -extfile " + leaf +
                            ".ext -out " + (folder_ / ("smime/leaf-" + digest + ".pem")));
    ASSERT_EQ(issued.exit, 0) << issued.output;
  }
  EXPECT_EQ(why_not("sha256@klant.nl"), "");
  EXPECT_TRUE(why_not("sha1@klant.nl").starts_with("no authority vouches for it")) << why_not("sha1@klant.nl");
  EXPECT_TRUE(why_not("sha1@klant.nl").contains("too weak")) << why_not("sha1@klant.nl");
}

TEST_F(Trusted, WhatEndsSoonIsListedTheFirstToEndFirst) {
  add("far", "email:far@klant.nl", {.days = "365"});
  add("near", "email:near@klant.nl", {.days = "20"});
  add("nearer", "email:nearer@klant.nl", {.days = "3"});
  add("useless", "email:useless@klant.nl", {.extensions = "extendedKeyUsage=serverAuth", .days = "3"});
  std::vector<std::string> whose;
  for (const KeyEntry& key : load()->ending(now())) whose.push_back(key.addresses.at(0));
  EXPECT_EQ(whose, (std::vector<std::string>{"nearer@klant.nl", "near@klant.nl"}));
}

}  // namespace
}  // namespace zegel::seal
