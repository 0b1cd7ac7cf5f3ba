#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "core/time.h"
#include "mail/structure.h"
#include "seal/certificate_office.h"
#include "seal/keys.h"
#include "seal/smime_sealer.h"
#include "seal/workbench.h"

namespace zegel::seal::test {

inline mail::Mailbox mailbox(std::string_view text) { return mail::parse_mailbox(text).value(); }

/// An office with a folder of certificates.
class Smime : public testing::Test {
 protected:
  [[nodiscard]] KeySources sources() const { return {folder_ / "smime", authorities_, crl_dir_, ""}; }

  std::shared_ptr<const Keys> load() {
    problems_.clear();
    return Keys::load(sources(), now(), problems_);
  }

  std::vector<Imported> import(const std::string& bytes, bool replace = false, const std::string& passphrase = "") {
    return import_keys(sources(), bytes, replace, now(), [&] { return Secret(std::string(passphrase)); });
  }

  void add(const std::string& name, const std::string& names, const CertificateOffice::Wish& wish = {}) {
    write(folder_ / ("smime/" + name + ".pem"), read(office_.issue(name, names, wish)));
  }

  std::vector<std::string> usable(const Keys& keys, std::string_view address) {
    std::vector<std::string> prints;
    for (const auto& candidate : keys.certificates(mailbox(address), now())) {
      if (candidate.usable) prints.push_back(candidate.fingerprint);
    }
    return prints;
  }

  std::string why_not(std::string_view address) {
    const auto candidates = load()->certificates(mailbox(address), now());
    return candidates.empty() ? "none" : candidates.front().why_not;
  }

  struct With {
    Cipher cipher = Cipher::aes256_cbc;
    const mail::Mailbox* signer = nullptr;
    Layering layering = {};
  };

  Result<Sealed> seal(const std::string& bytes, std::string_view address, const With& with) {
    const auto keys = load();
    const mail::Message message(bytes);
    const auto prints = usable(*keys, address);
    return SmimeSealer(*keys).seal(message, mail::scan(message),
                                   {prints, with.signer, with.cipher, with.layering, now()});
  }
  Result<Sealed> seal(const std::string& bytes, std::string_view address) { return seal(bytes, address, With()); }

  std::string open_with_openssl(const Result<Sealed>& sealed, const std::string& name) {
    EXPECT_TRUE(sealed) << sealed.error().why;
    if (!sealed) return {};
    write(folder_ / "sealed.eml", sealed->bytes());
    const auto ran = run("openssl cms -decrypt -in " + (folder_ / "sealed.eml") + " -recip " + (ca_ / (name + ".pem")) +
                         " -inkey " + office_.key(name) + " -out " + (folder_ / "opened"));
    EXPECT_EQ(ran.exit, 0) << ran.output;
    return read(folder_ / "opened");
  }

  Folder folder_;
  Folder ca_;
  CertificateOffice office_{ca_};
  std::string authorities_;
  std::string crl_dir_;
  std::vector<std::string> problems_;
};

}  // namespace zegel::seal::test
