#pragma once

#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

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

#define NEEDS(what, there) \
  if (!(there)) GTEST_SKIP() << "skipped: needs " what

/// Keys of a recipient and of a sender, and the tools that open what was sealed to them.
namespace zegel::seal::test {

/// All in one go, for the hundreds of them take longer than test::run allows.
inline void shell(const std::string& script, const Folder& folder) {
  write(folder / "script.sh", "cd " + folder.path() + "\n" + script);
  EXPECT_EQ(std::system(("exec timeout 280 sh " + (folder / "script.sh") + " >" + (folder / "log") + " 2>&1").c_str()),
            0)
      << read(folder / "log").substr(0, 2000);
}

/// Jan's certificate, and Piet's with his key to sign with.
struct SmimeKeys {
  explicit SmimeKeys(const Folder& where) : folder(where), office(where) {
    write(folder / "smime/jan.pem", read(office.issue("jan", "email:jan@klant.nl")));
    write(folder / "smime/piet.pem", read(office.issue("piet", "email:piet@kantoor.nl")) + read(office.key("piet")));
    std::vector<std::string> problems;
    keys = Keys::load({folder / "smime", office.authority(), "", ""}, now(), problems);
    prints = {keys->certificates(mail::parse_mailbox("jan@klant.nl").value(), now()).at(0).fingerprint};
  }

  std::string seal(const mail::Message& message, const mail::Structure& structure, const mail::Mailbox* signer,
                   const std::string& name) const {
    const auto out = SmimeSealer(*keys).seal(message, structure, {prints, signer, Cipher::aes256_cbc, {}, now()});
    EXPECT_TRUE(out) << name << out.error().why;
    return out ? std::string(out->bytes()) : "";
  }

  const Folder& folder;
  CertificateOffice office;
  std::shared_ptr<const Keys> keys;
  std::vector<std::string> prints;
  mail::Mailbox piet = mail::parse_mailbox("piet@kantoor.nl").value();
};

/// Jan's and Piet's keys: Jan's secret one with somebody else's gpg, Piet's in our ring.
struct PgpKeys {
  PgpKeys(const Folder& ours, const Folder& theirs) : folder(ours), other(theirs), office(theirs) {
    jan = office.make("Jan <jan@klant.nl>");
    const std::string signing = office.make("Piet <piet@kantoor.nl>");
    const KeySources sources{"", "", "", folder / "gnupg", {"kantoor.nl"}};
    for (const std::string& key : {office.exported(jan), office.exported(signing, "--armor --export-secret-keys")}) {
      const auto imported = import_keys(sources, key, false, now(), [] { return Secret(); });
      EXPECT_TRUE(imported.at(0).ok) << imported.at(0).what << key.substr(0, 200);
    }
    std::vector<std::string> problems;
    keys = Keys::load(sources, now(), problems);
    engine = make_pgp_engine(folder / "gnupg");
    prints = {jan};
  }
  PgpKeys(const PgpKeys&) = delete;
  PgpKeys& operator=(const PgpKeys&) = delete;
  ~PgpKeys() { test::run("gpgconf --homedir " + (folder / "gnupg") + " --kill gpg-agent"); }

  /// The armoured part.
  std::string seal(const mail::Message& message, const mail::Structure& structure, const mail::Mailbox* signer,
                   const std::string& name) const {
    const auto out = PgpSealer(*keys, *engine).seal(message, structure, {prints, signer, {}, now()});
    EXPECT_TRUE(out) << name << out.error().error.why;
    if (!out) return "";
    const mail::Message sealed{std::string(out->bytes())};
    return mail::decode(sealed, mail::scan(sealed).parts().at(2)).value();
  }

  [[nodiscard]] std::string opening(const std::string& files) const {
    return "gpg --homedir " + other.path() +
           " --batch --quiet --no-tty --trust-model always --status-file status --multifile --decrypt " + files;
  }

  const Folder& folder;
  const Folder& other;
  PgpOffice office;
  std::string jan;
  std::shared_ptr<const Keys> keys;
  std::shared_ptr<PgpEngine> engine;
  std::vector<std::string> prints;
  mail::Mailbox piet = mail::parse_mailbox("piet@kantoor.nl").value();
};

}  // namespace zegel::seal::test
