// What `zegel check` finds out about the lines that mail will take.
#include "cli/inspect_lines.h"

#include <map>

#include <gtest/gtest.h>

#include "support/next_hop.h"

namespace zegel::cli {
namespace {

/// Knows the MX of a few domains, all on this machine.
class FewDomains : public send::Resolver {
 public:
  explicit FewDomains(std::map<std::string, std::string> mail_hosts) : mail_hosts_(std::move(mail_hosts)) {}

  net::Task<send::MxAnswer> mx(std::string domain) override {
    const auto at = mail_hosts_.find(domain);
    if (at == mail_hosts_.end()) co_return send::MxAnswer{.kind = send::MxAnswer::Kind::failed, .why = "no DNS here"};
    co_return send::MxAnswer{.kind = send::MxAnswer::Kind::records, .records = {{10, at->second}}};
  }
  net::Task<send::AddressAnswer> addresses(std::string) override {
    co_return send::AddressAnswer{.addresses = {"127.0.0.1"}};
  }

 private:
  std::map<std::string, std::string> mail_hosts_;
};

config::Settings direct(Tls tls) {
  config::Settings settings;
  settings.file = "zegel.toml";
  settings.server.hostname = "zegel.kantoor.nl";
  settings.office.domains = {"kantoor.nl"};
  settings.delivery.direct = true;
  settings.delivery.tls = tls;
  settings.delivery.ca_file = ZEGEL_SOURCE_DIR "/tests/support/tls/ca.pem";
  return settings;
}

Problems problems_of(const config::Settings& settings, std::uint16_t port, const std::string& host = "localhost") {
  Problems problems;
  const auto resolver = [host](const auto&) {
    return std::make_shared<FewDomains>(std::map<std::string, std::string>{{"kantoor.nl", host}});
  };
  inspect_lines(settings, problems, {.resolver = resolver, .mx_port = port});
  return problems;
}

TEST(DirectDelivery, IsTriedAtTheMxOfADomain) {
  const fake::NextHop hop(fake::Manners{.tls = fake::certificate("localhost")});
  EXPECT_EQ(problems_of(direct(Tls::verified), hop.port()), Problems());
  EXPECT_EQ(hop.connections(), 1U);
  EXPECT_TRUE(hop.received().empty());
}

TEST(DirectDelivery, IsToldWhenTheTlsThatIsDemandedIsNotThere) {
  const fake::NextHop plain;
  const auto problems = problems_of(direct(Tls::verified), plain.port());
  ASSERT_EQ(problems.size(), 1U);
  EXPECT_TRUE(problems[0].starts_with("zegel.toml:1:1: no line to the MX of kantoor.nl: ")) << problems[0];
  EXPECT_TRUE(problems[0].contains("STARTTLS")) << problems[0];
  EXPECT_EQ(problems_of(direct(Tls::opportunistic), plain.port()), Problems());

  const fake::NextHop other(fake::Manners{.tls = fake::certificate("elsewhere")});
  EXPECT_EQ(problems_of(direct(Tls::verified), other.port()).size(), 1U) << "a certificate of another name";
}

TEST(DirectDelivery, IsToldWhenNameServiceFails) {
  config::Settings settings = direct(Tls::opportunistic);
  settings.office.domains = {"unknown.example"};
  const auto problems = problems_of(settings, 1);
  ASSERT_EQ(problems.size(), 1U);
  EXPECT_TRUE(problems[0].contains("no DNS here")) << problems[0];
}

}  // namespace
}  // namespace zegel::cli
