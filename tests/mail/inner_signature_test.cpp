// What the author of a message signed still verifies after sealing and opening, whatever the seal.
#include <gtest/gtest.h>

#include "mail/content.h"
#include "mail/corpus.h"
#include "mail/sealing_keys.h"
#include "mail/structure.h"
#include "seal/zip_sealer.h"

namespace zegel::seal {
namespace {

using test::Folder;
using test::PgpKeys;
using test::read;
using test::shell;
using test::SmimeKeys;
using test::write;

/// Messages that their author signed, each with a file in it: by S/MIME and by PGP, made by openssl and gpg.
struct SignedMessages {
  SignedMessages(const Folder& folder, const SmimeKeys& smime, const PgpKeys& pgp) {
    const std::string entity =
        "Content-Type: multipart/mixed; boundary=in\r\n\r\n--in\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
        "Beste Jan, \r\nFrom hier\r\n--in\r\nContent-Type: application/pdf; name=a.pdf\r\n\r\nx \r\n--in--\r\n";
    write(folder / "entity", entity);
    shell("openssl cms -sign -binary -md sha256 -in entity -signer piet.pem -inkey " + smime.office.key("piet") +
              " -out by-smime; gpg --homedir " + pgp.other.path() +
              " --batch --quiet --no-tty --pinentry-mode loopback --passphrase '' -u piet@kantoor.nl --armor"
              " --detach-sign --output by-pgp entity",
          folder);
    smime_signed = "From: piet@kantoor.nl\r\n" + mail::testing::with_crlf(read(folder / "by-smime"));
    pgp_signed =
        "From: piet@kantoor.nl\r\nMIME-Version: 1.0\r\nContent-Type: multipart/signed; micalg=pgp-sha512;\r\n"
        " protocol=\"application/pgp-signature\"; boundary=s\r\n\r\n--s\r\n" +
        entity + "\r\n--s\r\nContent-Type: application/pgp-signature; name=signature.asc\r\n\r\n" +
        mail::testing::with_crlf(read(folder / "by-pgp")) + "\r\n--s--\r\n";
  }
  std::string smime_signed;
  std::string pgp_signed;
};

/// Whether openssl or gpg, as its type asks for, finds the signature to be over these octets.
bool verifies(const Folder& folder, const SmimeKeys& smime, const PgpKeys& pgp, const mail::Part& signature,
              const std::string& content) {
  write(folder / "content", content);
  const std::string by_gpg = "gpg --homedir " + pgp.other.path() + " --batch --quiet --no-tty --verify ";
  const std::string by_openssl = "openssl cms -verify -binary -inform DER -purpose any -out /dev/null -CAfile " +
                                 smime.office.authority() + " -content ";
  const bool is_pgp = signature.is("application", "pgp-signature");
  return test::run(is_pgp ? by_gpg + (folder / "signature") + " " + (folder / "content")
                          : by_openssl + (folder / "content") + " -in " + (folder / "signature"))
             .exit == 0;
}

/// Takes the two parts of the innermost multipart/signed out of an opened message, as octets.
void expect_verifies(const Folder& folder, const SmimeKeys& smime, const PgpKeys& pgp, const std::string& opened,
                     const std::string& what) {
  const mail::Message message(opened);
  const mail::Structure structure = mail::scan(message);
  const mail::Part* signed_part = nullptr;
  for (const mail::Part& part : structure.parts()) {
    if (part.is("multipart", "signed")) signed_part = &part;
  }
  ASSERT_NE(signed_part, nullptr) << what;
  const mail::Part& signature = structure.parts()[signed_part->children.at(1)];
  write(folder / "signature", mail::decode(message, signature).value());
  const std::string content(message.slice(structure.parts()[signed_part->children.at(0)].whole));
  EXPECT_TRUE(verifies(folder, smime, pgp, signature, content)) << what;
  EXPECT_FALSE(verifies(folder, smime, pgp, signature, content + " ")) << what;
}

std::string opened_smime(const Folder& folder, const SmimeKeys& smime, const std::string& sealed) {
  write(folder / "sealed", sealed);
  shell("openssl cms -decrypt -in sealed -inkey " + smime.office.key("jan") + " -out opened", folder);
  return read(folder / "opened");
}

std::string opened_pgp(const Folder& folder, const PgpKeys& pgp, const std::string& sealed) {
  write(folder / "sealed.asc", sealed);
  shell("rm -f sealed; " + pgp.opening("sealed.asc"), folder);
  return read(folder / "sealed");
}

std::string opened_zip(const Folder& folder, const std::string& message, Method method) {
  const Secret password{std::string("bakker-olifant-gordijn")};
  const mail::Message original(message);
  const auto out =
      ZipSealer::seal(original, mail::scan(original), {method, Language::nl, password, "7K3QX9M2TB", "", {}});
  EXPECT_TRUE(out);
  const mail::Message outer{std::string(out->bytes())};
  write(folder / "zip.zip", mail::decode(outer, mail::scan(outer).parts().back()).value());
  shell("rm -rf d; 7zz x -y -od -pbakker-olifant-gordijn zip.zip >/dev/null && cd d && 7zz x -y ./*.zip >/dev/null",
        folder);
  return read(folder / "d/bericht.eml");
}

TEST(Sealing, InnerSignaturesStillVerify) {
  NEEDS("7zz", test::there_is("7zz"));
  const Folder folder;
  const Folder ours;
  const Folder theirs;
  const SmimeKeys smime(folder);
  const PgpKeys pgp(ours, theirs);
  const SignedMessages messages(folder, smime, pgp);
  for (const std::string& text : {messages.smime_signed, messages.pgp_signed}) {
    const mail::Message message(text);
    const mail::Structure structure = mail::scan(message);
    ASSERT_TRUE(structure.sound()) << structure.flaws().front().why;
    const std::string by = text == messages.pgp_signed ? "PGP" : "S/MIME";
    expect_verifies(folder, smime, pgp, text, by + " as it was");
    for (const mail::Mailbox* signer : {static_cast<const mail::Mailbox*>(nullptr), &smime.piet}) {
      const std::string how = by + (signer != nullptr ? ", signed again" : "");
      const std::string in_smime = smime.seal(message, structure, signer, how);
      expect_verifies(folder, smime, pgp, opened_smime(folder, smime, in_smime), how + " in S/MIME");
      const std::string in_pgp = pgp.seal(message, structure, signer, how);
      expect_verifies(folder, smime, pgp, opened_pgp(folder, pgp, in_pgp), how + " in PGP");
    }
    for (const Method method : {Method::zip, Method::zip_attachments})
      expect_verifies(folder, smime, pgp, opened_zip(folder, text, method), by + " in a zip");
  }
}

}  // namespace
}  // namespace zegel::seal
