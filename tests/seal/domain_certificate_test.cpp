// Certificates of a whole domain (RFC 3183): which count, for whom, and that a rule has to ask.
#include "seal/smime_fixture.h"

namespace zegel::seal {
namespace {

using test::body_canary;
using test::expect_no_canary;
using test::mailbox;
using test::office_mail;
using test::read;
using test::write;
using Wish = test::CertificateOffice::Wish;

class DomainCertificate : public test::Smime {
 protected:
  /// Imported by hand.
  Imported take(const std::string& names, const Wish& wish = {}) {
    return import(read(office_.issue("gate", names, wish)), true).at(0);
  }

  std::string why_not_for(std::string_view address) {
    const auto candidates = load()->domain_certificates(mailbox(address), now());
    return candidates.empty() ? "none" : candidates.front().why_not;
  }
};

TEST_F(DomainCertificate, AnAuthoritysAddressStandsForItsDomainAndForNoOther) {
  const Imported taken = take("email:Domain-Confidentiality-Authority@klant.nl");
  ASSERT_TRUE(taken.ok) << taken.what;
  EXPECT_TRUE(taken.what.contains("of the domain klant.nl")) << taken.what;
  EXPECT_EQ(why_not_for("jan@klant.nl"), "");
  for (const std::string_view other : {"jan@sub.klant.nl", "jan@xklant.nl", "jan@klant.nl.evil.nl", "jan@nl"}) {
    EXPECT_EQ(why_not_for(other), "none") << other;
  }
  EXPECT_EQ(why_not("jan@klant.nl"), "none") << "without a rule that asks for it, it is nobody's";
}

TEST_F(DomainCertificate, AHostNameStandsForADomainWhereNoPersonIsNamed) {
  EXPECT_TRUE(take("DNS:KLANT.nl").ok);
  EXPECT_EQ(why_not_for("jan@klant.nl"), "");
  EXPECT_TRUE(take("DNS:*.ander.nl,DNS:ander.nl").ok);
  EXPECT_EQ(why_not_for("jan@ander.nl"), "");
  EXPECT_EQ(why_not_for("jan@www.ander.nl"), "none");
  EXPECT_TRUE(take("email:jan@derde.nl,DNS:derde.nl").ok);
  EXPECT_EQ(why_not_for("els@derde.nl"), "none") << "Jan's own key";
}

TEST_F(DomainCertificate, TheOneOfAWebServerIsRefused) {
  const Imported taken = take("DNS:klant.nl", {.extensions = "extendedKeyUsage=serverAuth"});
  EXPECT_FALSE(taken.ok);
  EXPECT_TRUE(taken.what.contains("not for e-mail")) << taken.what;
}

TEST_F(DomainCertificate, NoAuthoritysWordIsEnough) {
  add("gate", "email:domain-confidentiality-authority@klant.nl");
  EXPECT_TRUE(why_not_for("jan@klant.nl").contains("must be imported by hand: zegel key import"));
  authorities_ = office_.authority();
  EXPECT_TRUE(why_not_for("jan@klant.nl").contains("must be imported by hand"));
  ASSERT_TRUE(import(read(ca_ / "gate.pem"))[0].ok);
  EXPECT_EQ(why_not_for("jan@klant.nl"), "");
}

TEST_F(DomainCertificate, AnotherOneIsHeldBackUntilReplaced) {
  ASSERT_TRUE(take("DNS:klant.nl").ok);
  const auto held = import(read(office_.issue("other", "DNS:klant.nl")));
  EXPECT_FALSE(held[0].ok);
  EXPECT_TRUE(held[0].what.contains("another certificate for the domain klant.nl")) << held[0].what;
}

TEST_F(DomainCertificate, ItEndsLikeAnyOther) {
  ASSERT_TRUE(take("DNS:klant.nl").ok);
  const auto later = load()->domain_certificates(mailbox("jan@klant.nl"), now() + std::chrono::days(400));
  EXPECT_TRUE(later.at(0).why_not.starts_with("expired on 20"));
}

TEST_F(DomainCertificate, OpensslOpensWhatWasSealedToIt) {
  const Imported taken = take("email:domain-confidentiality-authority@klant.nl");
  const auto keys = load();
  const mail::Message message(office_mail());
  const std::vector prints{taken.fingerprint};
  const auto sealed =
      SmimeSealer(*keys).seal(message, mail::scan(message), {prints, nullptr, Cipher::aes256_cbc, {}, now()});
  ASSERT_TRUE(sealed) << sealed.error().why;
  expect_no_canary(sealed->bytes());
  EXPECT_TRUE(open_with_openssl(sealed, "gate").contains(body_canary));
  EXPECT_TRUE(keys->through_domain(mailbox("jan@klant.nl"), prints));
  EXPECT_FALSE(keys->through_domain(mailbox("domain-confidentiality-authority@klant.nl"), prints));
  EXPECT_FALSE(keys->through_domain(mailbox("jan@ander.nl"), prints));
}

}  // namespace
}  // namespace zegel::seal
