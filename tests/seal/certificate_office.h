#pragma once

#include <string>
#include <string_view>

#include "seal/workbench.h"

namespace zegel::seal::test {

/// A certification authority run with the openssl command, in one folder.
class CertificateOffice {
 public:
  explicit CertificateOffice(const Folder& folder) : folder_(folder.path()) {
    run("openssl req -x509 -newkey rsa:2048 -nodes -days 3650 -subj /CN=Office-CA -keyout " + folder_ +
        "/ca.key -out " + folder_ +
        "/ca.pem -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign");
  }

  struct Wish {
    std::string algorithm = "rsa:2048";  ///< as `openssl req -newkey` takes it, with -pkeyopt where it needs
    std::string extensions = "extendedKeyUsage=emailProtection";
    std::string days = "365";
    std::string digest = "sha256";
    bool self_signed = false;
  };

  /// `NAME.pem` and `NAME.key` for `names` (e.g. "email:jan@klant.nl").
  std::string issue(const std::string& name, const std::string& names, const Wish& wish) {
    const std::string base = folder_ + "/" + name;
    write(base + ".ext", (names.empty() ? "" : "subjectAltName=" + names + "\n") + wish.extensions + "\n");
    const std::string request = "openssl req -new -newkey " + wish.algorithm + " -nodes -subj /CN=" + name +
                                " -keyout " + base + ".key -out " + base + ".csr";
    const std::string signer = wish.self_signed
                                   ? " -signkey " + base + ".key"
                                   : " -CA " + folder_ + "/ca.pem -CAkey " + folder_ + "/ca.key -CAcreateserial";
    const Ran ran = run(request + " && openssl x509 -req -in " + base + ".csr -days " + wish.days + " -" + wish.digest +
                        signer + " -extfile " + base + ".ext -out " + base + ".pem");
    EXPECT_EQ(ran.exit, 0) << ran.output;
    return base + ".pem";
  }
  std::string issue(const std::string& name, const std::string& names) { return issue(name, names, Wish()); }

  [[nodiscard]] std::string key(const std::string& name) const { return folder_ + "/" + name + ".key"; }
  [[nodiscard]] std::string authority() const { return folder_ + "/ca.pem"; }

 private:
  std::string folder_;
};

}  // namespace zegel::seal::test
