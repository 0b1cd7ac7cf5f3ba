// What others make of what we seal: gpgsm, NSS, Sequoia, RNP. Each test says so where its tool is missing.
#include <gtest/gtest.h>

#include "core/base64.h"
#include "core/time.h"
#include "mail/content.h"
#include "mail/structure.h"
#include "seal/certificate_office.h"
#include "seal/keys.h"
#include "seal/pgp_engine.h"
#include "seal/pgp_office.h"
#include "seal/pgp_sealer.h"
#include "seal/smime_sealer.h"
#include "seal/workbench.h"

namespace zegel::seal {
namespace {

using test::body_canary;
using test::CertificateOffice;
using test::Folder;
using test::office_mail;
using test::PgpOffice;
using test::Ran;
using test::read;
using test::run;
using test::write;

mail::Mailbox mailbox(std::string_view text) { return mail::parse_mailbox(text).value(); }

#define NEEDS(tool) \
  if (!test::there_is(tool)) GTEST_SKIP() << "skipped, because " tool " is not installed"

struct Kind {
  std::string name, algorithm, usage;
};

const std::vector<Kind> kinds = {{"rsa2048", "rsa:2048", "keyEncipherment"},
                                 {"rsa3072", "rsa:3072", "keyEncipherment"},
                                 {"rsa4096", "rsa:4096", "keyEncipherment"},
                                 {"p256", "ec -pkeyopt ec_paramgen_curve:P-256", "keyAgreement"},
                                 {"p384", "ec -pkeyopt ec_paramgen_curve:P-384", "keyAgreement"}};

/// Signed by Piet and sealed to one recipient of each kind of key; `NAME.p12` (passphrase "geheim") and `NAME.der`.
class SmimeInterop : public testing::Test {
 protected:
  std::string sealed_to(const Kind& kind) {
    const std::string address = kind.name + "@klant.nl";
    const std::string pem =
        office_.issue(kind.name, "email:" + address,
                      {.algorithm = kind.algorithm,
                       .extensions = "extendedKeyUsage=emailProtection\nkeyUsage=digitalSignature," + kind.usage});
    write(folder_ / ("smime/" + kind.name + ".pem"), read(pem));
    run("openssl pkcs12 -export -legacy -in " + pem + " -inkey " + office_.key(kind.name) + " -certfile " +
        office_.authority() + " -name " + kind.name + " -passout pass:geheim -out " + (folder_ / (kind.name + ".p12")));
    std::vector<std::string> problems;
    const auto keys = Keys::load({folder_ / "smime", "", "", ""}, now(), problems);
    const mail::Message message(office_mail(address));
    const std::vector prints{keys->certificates(mailbox(address), now()).at(0).fingerprint};
    const auto sealed =
        SmimeSealer(*keys).seal(message, mail::scan(message), {prints, nullptr, Cipher::aes256_cbc, {}, now()});
    EXPECT_TRUE(sealed);
    const mail::Message out{std::string(sealed->bytes())};
    write(folder_ / (kind.name + ".der"), mail::decode(out, mail::scan(out).root()).value());
    return folder_ / (kind.name + ".der");
  }

  /// Whether NSS can at all: the same text, sealed by the openssl command.
  bool opens_openssls_own(const std::string& home, const Kind& kind) {
    write(folder_ / "text", body_canary);
    run("openssl cms -encrypt -binary -aes256 -in " + (folder_ / "text") + " -outform DER -out " +
        (folder_ / "own.der") + " " + (ca_ / (kind.name + ".pem")));
    return run("cmsutil -D -d " + home + " -i " + (folder_ / "own.der")).output.contains(body_canary);
  }

  Folder folder_;
  Folder ca_;
  CertificateOffice office_{ca_};
};

TEST_F(SmimeInterop, GpgsmOpensIt) {
  NEEDS("gpgsm");
  const std::string home = folder_ / "gpgsm";
  run("mkdir -m 700 " + home);
  const std::string gpgsm =
      "gpgsm --homedir " + home + " --batch --disable-crl-checks --pinentry-mode loopback --passphrase-fd 0 ";
  for (const Kind& kind : kinds) {
    const std::string der = sealed_to(kind);
    const Ran imported = run("echo geheim | " + gpgsm + "--import " + (folder_ / (kind.name + ".p12")));
    if (imported.output.contains("secret keys imported: 0") || !imported.output.contains("secret keys read")) {
      std::printf("    gpgsm does not take a %s key from PKCS#12: left out\n", kind.name.c_str());
      continue;
    }
    const Ran opened = run("echo geheim | " + gpgsm + "--decrypt " + der);
    EXPECT_TRUE(opened.output.contains(body_canary)) << kind.name << ": " << opened.output;
  }
  run("gpgconf --homedir " + home + " --kill gpg-agent");
}

TEST_F(SmimeInterop, NssOpensIt) {
  NEEDS("cmsutil");
  const std::string home = "sql:" + (folder_ / "nss");
  run("mkdir " + (folder_ / "nss") + " && certutil -N -d " + home + " --empty-password");
  for (const Kind& kind : kinds) {
    const std::string der = sealed_to(kind);
    const Ran imported = run("pk12util -i " + (folder_ / (kind.name + ".p12")) + " -d " + home + " -W geheim");
    ASSERT_EQ(imported.exit, 0) << imported.output;
    const Ran opened = run("cmsutil -D -d " + home + " -i " + der);
    if (!opened.output.contains(body_canary) && !opens_openssls_own(home, kind)) {
      std::printf("    NSS does not open what the openssl command makes for %s either: left out\n", kind.name.c_str());
      continue;
    }
    EXPECT_TRUE(opened.output.contains(body_canary)) << kind.name << ": " << opened.output;
  }
}

/// Signed by Piet and sealed to one recipient of each kind of key.
class PgpInterop : public testing::Test {
 protected:
  ~PgpInterop() override { run("gpgconf --homedir " + (folder_ / "gnupg") + " --kill gpg-agent"); }

  struct Sent {
    std::string message;  ///< the armoured part
    std::string secret;   ///< the recipient's key
    std::string signer;   ///< the sender's public key
  };

  Sent sealed_to(const std::string& primary, const std::string& subkey) {
    const KeySources sources{"", "", "", folder_ / "gnupg", {"kantoor.nl"}};
    const std::string address = subkey + "@klant.nl";
    const std::string to = office_.make("Jan <" + address + ">", primary, subkey);
    if (piet_.empty()) {
      piet_ = office_.make("Piet <piet@kantoor.nl>");
      EXPECT_TRUE(
          import_keys(sources, office_.exported(piet_, "--armor --export-secret-keys"), false, now(), {})[0].ok);
    }
    EXPECT_TRUE(import_keys(sources, office_.exported(to), false, now(), {})[0].ok);
    std::vector<std::string> problems;
    const auto keys = Keys::load(sources, now(), problems);
    const mail::Message message(office_mail(address));
    const auto engine = make_pgp_engine(folder_ / "gnupg");
    const std::vector prints{to};
    const mail::Mailbox sender = mailbox("piet@kantoor.nl");
    const auto sealed = PgpSealer(*keys, *engine).seal(message, mail::scan(message), {prints, &sender, {}, now()});
    EXPECT_TRUE(sealed);
    const mail::Message out{std::string(sealed->bytes())};
    const mail::Structure structure = mail::scan(out);
    write(folder_ / "m.asc", mail::decode(out, structure.parts().at(2)).value());
    write(folder_ / "to.asc", office_.exported(to, "--armor --export-secret-keys"));
    write(folder_ / "from.asc", office_.exported(piet_));
    return {folder_ / "m.asc", folder_ / "to.asc", folder_ / "from.asc"};
  }

  const std::vector<std::pair<std::string, std::string>> kinds_ = {{"rsa2048", "rsa2048"},   {"rsa3072", "rsa3072"},
                                                                   {"rsa4096", "rsa4096"},   {"nistp256", "nistp256"},
                                                                   {"nistp384", "nistp384"}, {"ed25519", "cv25519"}};
  std::string piet_;
  Folder folder_;
  Folder other_;
  PgpOffice office_{other_};
};

TEST_F(PgpInterop, GpgOpensItAndVerifies) {
  for (const auto& [primary, subkey] : kinds_) {
    const Sent sent = sealed_to(primary, subkey);
    const Ran opened = office_.gpg("--status-fd 1 --decrypt " + sent.message);
    EXPECT_TRUE(opened.output.contains(body_canary)) << subkey << ": " << opened.output;
    EXPECT_TRUE(opened.output.contains("VALIDSIG " + piet_)) << subkey;
  }
}

TEST_F(PgpInterop, SequoiaOpensItAndVerifies) {
  NEEDS("sq");
  for (const auto& [primary, subkey] : kinds_) {
    const Sent sent = sealed_to(primary, subkey);
    const Ran opened =
        run("sq decrypt --recipient-key " + sent.secret + " --signer-cert " + sent.signer + " " + sent.message);
    EXPECT_EQ(opened.exit, 0) << subkey << ": " << opened.output;
    EXPECT_TRUE(opened.output.contains(body_canary)) << subkey;
    EXPECT_TRUE(opened.output.contains("good signature") || opened.output.contains("Good signature")) << opened.output;
  }
}

TEST_F(PgpInterop, RnpOpensItAndVerifies) {
  NEEDS("rnp");
  const std::string home = folder_ / "rnp";
  run("mkdir -m 700 " + home);
  for (const auto& [primary, subkey] : kinds_) {
    const Sent sent = sealed_to(primary, subkey);
    run("rnpkeys --homedir " + home + " --import-keys " + sent.secret);
    run("rnpkeys --homedir " + home + " --import-keys " + sent.signer);
    const Ran opened = run("rnp --homedir " + home + " --password= --decrypt --overwrite --output=- " + sent.message);
    EXPECT_TRUE(opened.output.contains(body_canary)) << subkey << ": " << opened.output;
    EXPECT_TRUE(opened.output.contains("Good signature")) << subkey << ": " << opened.output;
  }
}

}  // namespace
}  // namespace zegel::seal
