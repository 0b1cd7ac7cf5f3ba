// What others make of what we seal: gpgsm, NSS, Thunderbird, mutt, Sequoia, RNP. Each test says so where its tool is
// missing.
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

/// A folder with a mailbox of one message, and `run` (argument: GNUPGHOME) that has mutt write what it shows of it to
/// `shown`. `settings` are lines for its muttrc. Its terminal is made by script(1); `x` answers the question for a
/// passphrase.
std::string mailbox_for_mutt(const Folder& folder, std::string message, const std::string& settings) {
  const std::string box = folder / "mutt";
  run("rm -rf " + box);
  std::erase(message, '\r');
  write(box + "/mail/new/1", message);
  std::filesystem::create_directories(box + "/mail/cur");
  std::filesystem::create_directories(box + "/mail/tmp");
  write(box + "/pager", "#!/bin/sh\ncp \"$1\" " + box + "/shown\n");
  write(box + "/muttrc", "set folder=" + box + " pager=" + box +
                             "/pager prompt_after=no wait_key=no quit=yes move=no tmpdir=" + box +
                             " crypt_verify_sig=yes\npush <display-message><exit>\n" + settings);
  write(box + "/run", "export HOME=" + box + " TERM=xterm GNUPGHOME=$1\nmkfifo " + box + "/keys\n" +
                          "timeout 50 script -qec \"mutt -F " + box + "/muttrc -f " + box + "/mail\" /dev/null <" +
                          box + "/keys >/dev/null &\nexec 3>" + box + "/keys\necho x >&3\nwait\n");
  run("chmod 700 " + box + "/pager");
  return box;
}

/// Signed by Piet with a key of the same kind, and sealed to one recipient of each kind of key.
class SmimeInterop : public testing::Test {
 protected:
  /// `NAME.p12` (passphrase "geheim"), `NAME.eml`, `NAME.der`.
  std::string sealed_to(const Kind& kind) {
    const std::string address = kind.name + "@klant.nl";
    const std::string pem = issue(kind, kind.name, address);
    write(folder_ / ("smime/" + kind.name + ".pem"), read(pem));
    const std::string signer = issue(kind, "piet-" + kind.name, "piet@kantoor.nl");
    write(folder_ / "smime/piet.pem", read(signer) + read(office_.key("piet-" + kind.name)));
    run("openssl pkcs12 -export -legacy -in " + pem + " -inkey " + office_.key(kind.name) + " -certfile " +
        office_.authority() + " -name " + kind.name + " -passout pass:geheim -out " + (folder_ / (kind.name + ".p12")));
    std::vector<std::string> problems;
    const auto keys = Keys::load({folder_ / "smime", "", "", ""}, now(), problems);
    const mail::Message message(office_mail(address));
    const std::vector prints{keys->certificates(mailbox(address), now()).at(0).fingerprint};
    const mail::Mailbox piet = mailbox("piet@kantoor.nl");
    const auto sealed =
        SmimeSealer(*keys).seal(message, mail::scan(message), {prints, &piet, Cipher::aes256_cbc, {}, now()});
    EXPECT_TRUE(sealed);
    const mail::Message out{std::string(sealed->bytes())};
    write(folder_ / (kind.name + ".eml"), out.bytes());
    write(folder_ / (kind.name + ".der"), mail::decode(out, mail::scan(out).root()).value());
    return folder_ / (kind.name + ".der");
  }

  std::string issue(const Kind& kind, const std::string& name, const std::string& address) {
    return office_.issue(name, "email:" + address,
                         {.algorithm = kind.algorithm,
                          .extensions = "extendedKeyUsage=emailProtection\nkeyUsage=digitalSignature," + kind.usage});
  }

  /// What was inside: `content`, and the detached signature over it, `content.p7s`.
  void take_apart(const std::string& opened) {
    const mail::Message inside(opened.substr(std::min(opened.find("Content-Type: multipart/signed"), opened.size())));
    const mail::Structure structure = mail::scan(inside);
    ASSERT_TRUE(structure.root().is("multipart", "signed")) << opened.substr(0, 500);
    write(folder_ / "content", inside.slice(structure.parts().at(1).whole));
    write(folder_ / "content.p7s", mail::decode(inside, structure.parts().back()).value());
  }

  void nss_opens_and_verifies(const std::string& before, bool every_kind);

  Folder folder_;
  Folder ca_;
  CertificateOffice office_{ca_};
};

TEST_F(SmimeInterop, GpgsmOpensItAndVerifies) {
  NEEDS("gpgsm");
  const std::string home = folder_ / "gpgsm";
  run("mkdir -m 700 " + home);
  const std::string gpgsm =
      "gpgsm --homedir " + home + " --batch --disable-crl-checks --pinentry-mode loopback --passphrase-fd 0 ";
  const std::string print = run("openssl x509 -noout -fingerprint -sha1 -in " + office_.authority()).output;
  write(home + "/trustlist.txt", print.substr(print.find('=') + 1, 59) + " S relax\n");
  run(gpgsm + "--import " + office_.authority() + " </dev/null");
  for (const Kind& kind : kinds) {
    const std::string der = sealed_to(kind);
    const Ran imported = run("echo geheim | " + gpgsm + "--import " + (folder_ / (kind.name + ".p12")));
    std::string opened;
    if (imported.output.contains("secret keys imported: 0") || !imported.output.contains("secret keys read")) {
      std::printf("    gpgsm does not take a %s key from PKCS#12: only its signature was tried\n", kind.name.c_str());
      opened = run("openssl cms -decrypt -inform DER -in " + der + " -inkey " + office_.key(kind.name)).output;
    } else {
      opened = run("echo geheim | " + gpgsm + "--decrypt " + der).output;
    }
    EXPECT_TRUE(opened.contains(body_canary)) << kind.name << ": " << opened;
    take_apart(opened);
    const Ran verified =
        run(gpgsm + "--verify " + (folder_ / "content.p7s") + " " + (folder_ / "content") + " </dev/null");
    EXPECT_TRUE(verified.output.contains("Good signature from")) << kind.name << ": " << verified.output;
  }
  run("gpgconf --homedir " + home + " --kill gpg-agent");
}

/// `before`: what chooses the library. Of every kind or, with a library that knows no ECDH, of RSA.
void SmimeInterop::nss_opens_and_verifies(const std::string& before, bool every_kind) {
  const std::string home = "sql:" + (folder_ / "nss");
  const std::string database = " -d " + home;
  run("mkdir " + (folder_ / "nss"));
  run(before + "certutil -N --empty-password" + database);
  run(before + "certutil -A -n authority -t CT,CT,CT -i " + office_.authority() + database);
  for (const Kind& kind : kinds) {
    const std::string der = sealed_to(kind);
    const Ran imported = run(before + "pk12util -i " + (folder_ / (kind.name + ".p12")) + " -W geheim" + database);
    ASSERT_EQ(imported.exit, 0) << imported.output;
    std::string opened = run(before + "cmsutil -D -i " + der + database).output;
    if (!opened.contains(body_canary) && kind.usage == "keyAgreement" && !every_kind) {
      const Ran own = run(before + "cmsutil -E -r " + kind.name + "@klant.nl -i " + der + " -o /dev/null" + database);
      EXPECT_TRUE(own.output.contains("SEC_ERROR_INVALID_ALGORITHM")) << own.output;
      std::printf("    this NSS cannot seal to a %s key itself: only its signature was tried\n", kind.name.c_str());
      opened = run("openssl cms -decrypt -inform DER -in " + der + " -inkey " + office_.key(kind.name)).output;
    }
    EXPECT_TRUE(opened.contains(body_canary)) << kind.name << ": " << opened;
    take_apart(opened);
    const Ran verified =
        run(before + "cmsutil -D -h 0 -i " + (folder_ / "content.p7s") + " -c " + (folder_ / "content") + database);
    EXPECT_TRUE(verified.output.contains("status=GoodSignature")) << kind.name << ": " << verified.output;
  }
}

TEST_F(SmimeInterop, NssOpensItAndVerifies) {
  NEEDS("cmsutil");
  nss_opens_and_verifies("", false);
}

/// The libraries that Thunderbird brings along are newer than Debian's own; `./dev test` unpacks them.
TEST_F(SmimeInterop, ThunderbirdsOwnLibraryOpensItAndVerifies) {
  NEEDS("cmsutil");
  std::string where = "/usr/lib/thunderbird";
  if (!std::filesystem::exists(where)) where = ZEGEL_SOURCE_DIR "/build/thunderbird/usr/lib/thunderbird";
  if (!std::filesystem::exists(where + "/libsmime3.so"))
    GTEST_SKIP() << "skipped, because Thunderbird's libraries are not there";
  nss_opens_and_verifies("LD_LIBRARY_PATH=" + where + " ", true);
}

TEST_F(SmimeInterop, MuttShowsItAndItsSignature) {
  NEEDS("mutt");
  NEEDS("script");
  for (const Kind& kind : kinds) {
    sealed_to(kind);
    const std::string openssl = "openssl cms -inform DER ";
    const std::string box = mailbox_for_mutt(
        folder_, read(folder_ / (kind.name + ".eml")),
        "set crypt_use_gpgme=no smime_decrypt_use_default_key=yes smime_default_key=me.0 smime_ca_location=" +
            office_.authority() + " smime_keys=" + (folder_ / "keys") + " smime_certificates=" + (folder_ / "keys") +
            "\nset smime_decrypt_command=\"" + openssl + "-decrypt -in %f -inkey " + office_.key(kind.name) +
            "\"\nset smime_verify_command=\"" + openssl + "-verify -out /dev/null -in %s -content %f %C\"\n");
    write(folder_ / "keys/.index", kind.name + "@klant.nl me.0 x ? e\n");
    write(folder_ / "keys/me.0", read(ca_ / (kind.name + ".pem")));
    run("sh " + box + "/run");
    const std::string shown = read(box + "/shown");
    EXPECT_TRUE(shown.contains(body_canary)) << kind.name << ": " << shown;
    EXPECT_TRUE(shown.contains("Verification successful")) << kind.name << ": " << shown;
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
    write(folder_ / "m.eml", out.bytes());
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

TEST_F(PgpInterop, MuttShowsItAndItsSignature) {
  NEEDS("mutt");
  NEEDS("script");
  for (const auto& [primary, subkey] : kinds_) {
    const Sent sent = sealed_to(primary, subkey);
    const std::string box = mailbox_for_mutt(folder_, read(folder_ / "m.eml"), "set crypt_use_gpgme=yes\n");
    run("sh " + box + "/run " + other_.path());
    const std::string shown = read(box + "/shown");
    EXPECT_TRUE(shown.contains(body_canary)) << subkey << ": " << shown;
    EXPECT_TRUE(shown.contains("Good signature from: Piet <piet@kantoor.nl>")) << subkey << ": " << shown;
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
