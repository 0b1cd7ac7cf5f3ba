#pragma once

#include <string>

#include "seal/workbench.h"

namespace zegel::seal::test {

/// Somebody else's gpg, with secret keys of its own.
class PgpOffice {
 public:
  explicit PgpOffice(const Folder& folder) : home_(folder.path()) { run("chmod 700 " + home_); }
  PgpOffice(const PgpOffice&) = delete;
  PgpOffice& operator=(const PgpOffice&) = delete;
  ~PgpOffice() { run("gpgconf --homedir " + home_ + " --kill gpg-agent"); }

  [[nodiscard]] Ran gpg(const std::string& arguments) const {
    return run("gpg --homedir " + home_ +
               " --batch --yes --quiet --no-tty --trust-model always --pinentry-mode loopback --passphrase \"\" " +
               arguments);
  }

  /// A primary key for certifying and signing, and one subkey. `subkey` empty: none.
  std::string make(const std::string& uid, const std::string& primary = "ed25519",
                   const std::string& subkey = "cv25519", const std::string& expires = "1y") {
    const Ran made = gpg("--quick-generate-key \"" + uid + "\" " + primary + " cert,sign " + expires);
    EXPECT_EQ(made.exit, 0) << made.output;
    const Ran listed = gpg("--with-colons --list-keys \"=" + uid + "\"");
    const std::size_t at = listed.output.find("fpr:::::::::");
    const std::string fingerprint = listed.output.substr(at + 12, 40);
    if (!subkey.empty()) {
      const Ran added = gpg("--quick-add-key " + fingerprint + " " + subkey + " encr " + expires);
      EXPECT_EQ(added.exit, 0) << added.output;
    }
    return fingerprint;
  }

  [[nodiscard]] std::string exported(const std::string& fingerprint,
                                     const std::string& how = "--armor --export") const {
    return gpg(how + " " + fingerprint).output;
  }

 private:
  std::string home_;
};

}  // namespace zegel::seal::test
