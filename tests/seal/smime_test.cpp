#include <gtest/gtest.h>

#include "core/time.h"
#include "mail/structure.h"
#include "seal/certificate_office.h"
#include "seal/keys.h"
#include "seal/smime_sealer.h"
#include "seal/workbench.h"

namespace zegel::seal {
namespace {

using test::body_canary;
using test::CertificateOffice;
using test::expect_no_canary;
using test::Folder;
using test::office_mail;
using test::read;
using test::run;
using test::write;

mail::Mailbox mailbox(std::string_view text) { return mail::parse_mailbox(text).value(); }

/// An office with a folder of certificates.
class Smime : public testing::Test {
 protected:
  std::shared_ptr<const Keys> load() {
    std::vector<std::string> problems;
    auto keys = Keys::load({folder_ / "smime", authorities_, crl_dir_, ""}, now(), problems);
    problems_ = problems;
    return keys;
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

  std::string why_not(const Keys& keys, std::string_view address) {
    const auto candidates = keys.certificates(mailbox(address), now());
    return candidates.empty() ? "none" : candidates.front().why_not;
  }

  Result<Sealed> seal(const std::string& bytes, std::string_view address, Cipher cipher = Cipher::aes256_cbc,
                      const mail::Mailbox* signer = nullptr, Layering layering = {}) {
    const auto keys = load();
    const mail::Message message(bytes);
    const auto prints = usable(*keys, address);
    return SmimeSealer(*keys).seal(message, mail::scan(message), {prints, signer, cipher, layering, now()});
  }

  std::string open_with_openssl(const Sealed& sealed, const std::string& name) {
    write(folder_ / "sealed.eml", sealed.bytes());
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

/// The same folder for issue() and reading back.
TEST_F(Smime, OpensslOpensWhatWasSealed) {
  add("jan", "email:jan@klant.nl");
  const auto sealed = seal(office_mail(), "jan@klant.nl");
  ASSERT_TRUE(sealed) << sealed.error().why;
  expect_no_canary(sealed->bytes());
  EXPECT_TRUE(sealed->bytes().contains("smime-type=enveloped-data"));
}

}  // namespace
}  // namespace zegel::seal
