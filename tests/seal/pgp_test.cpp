#include <gtest/gtest.h>

#include "core/time.h"
#include "mail/structure.h"
#include "seal/keys.h"
#include "seal/pgp_engine.h"
#include "seal/pgp_office.h"
#include "seal/pgp_sealer.h"
#include "seal/workbench.h"

namespace zegel::seal {
namespace {

using test::body_canary;
using test::expect_no_canary;
using test::Folder;
using test::office_mail;
using test::PgpOffice;
using test::run;
using test::write;

mail::Mailbox mailbox(std::string_view text) { return mail::parse_mailbox(text).value(); }

class Pgp : public testing::Test {
 protected:
  ~Pgp() override { run("gpgconf --homedir " + (folder_ / "gnupg") + " --kill gpg-agent"); }

  [[nodiscard]] KeySources sources() const { return {folder_ / "smime", "", "", folder_ / "gnupg", {"kantoor.nl"}}; }

  std::vector<Imported> import(const std::string& bytes, bool replace = false) {
    return import_keys(sources(), bytes, replace, now(), [] { return std::string(); });
  }

  std::shared_ptr<const Keys> load() {
    std::vector<std::string> problems;
    auto keys = Keys::load(sources(), now(), problems);
    EXPECT_TRUE(problems.empty()) << problems.front();
    return keys;
  }

  std::expected<Sealed, SealFailure> seal(const std::string& bytes, const std::vector<std::string>& prints,
                                          const mail::Mailbox* signer = nullptr, Layering layering = {}) {
    const auto keys = load();
    const mail::Message message(bytes);
    const auto engine = make_pgp_engine(folder_ / "gnupg");
    return PgpSealer(*keys, *engine).seal(message, mail::scan(message), {prints, signer, layering, now()});
  }

  Folder folder_;
  Folder other_;
  PgpOffice office_{other_};
};

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

}  // namespace
}  // namespace zegel::seal
