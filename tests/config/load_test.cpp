#include "config/load.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <unistd.h>

namespace zegel::config {
namespace {

using namespace std::chrono_literals;

constexpr const char* least = R"(
[office]
domains = ["kantoor.nl"]
[server]
listen = ["127.0.0.1:10025"]
[delivery]
relay = "smtp.provider.nl:587"
)";

std::string text_of(const std::vector<Problem>& problems) {
  std::string text;
  for (const Problem& problem : problems) text += problem.text() + "\n";
  return text;
}

Settings loaded(const std::string& toml, const std::string& folder = "/etc/zegel") {
  auto settings = parse(toml, "zegel.toml", folder);
  if (!settings) throw std::runtime_error(text_of(settings.error()));
  return *settings;
}

/// A folder that goes with the test.
class Folder {
 public:
  Folder() : path_(std::filesystem::temp_directory_path() / ("zegel-config-" + std::to_string(getpid()))) {
    std::filesystem::create_directories(path_);
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  void file(const std::string& name, unsigned mode, const std::string& text = "x") const {
    std::ofstream(path_ / name) << text;
    std::filesystem::permissions(path_ / name, static_cast<std::filesystem::perms>(mode));
  }
  [[nodiscard]] std::string path() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

TEST(Config, NeedsNoMoreThanTheRequiredKeys) {
  const Settings settings = loaded(least);
  EXPECT_EQ(settings.office.domains, std::vector<std::string>{"kantoor.nl"});
  EXPECT_EQ(settings.server.listen, (std::vector<HostPort>{{"127.0.0.1", 10025}}));
  EXPECT_EQ(settings.delivery.relay, (std::vector<HostPort>{{"smtp.provider.nl", 587}}));
  EXPECT_EQ(settings.server.message_size, 50U << 20);
  EXPECT_EQ(settings.delivery.give_up, std::chrono::days(5));
  EXPECT_EQ(settings.pgp.home, "/var/lib/zegel/gnupg");
  EXPECT_FALSE(settings.server.hostname.empty());
  EXPECT_EQ(settings.protect.methods_place.rule(), "default");
}

/// A config in which every key says something else than its default.
constexpr const char* every_key = R"(
[office]
domains = ["Kantoor.NL", "münchen.de"]
relay = "mail.kantoor.nl:25"
language = "de"
phone = "+31 20 123"
[server]
hostname = "Zegel.kantoor.nl"
listen = ["127.0.0.1:0", "[::1]:10025"]
listen_tls = ["0.0.0.0:465"]
tls_certificate = "cert.pem"
tls_key = "key.pem"
require_tls = true
trusted = ["10.0.0.0/8", "192.0.2.7", "2001:db8::/32"]
users = "users"
message_size = "20 MB"
recipients = 7
connections = 8
per_client = 9
memory = "1 GB"
[delivery]
relay = ["a.nl:25", "[2001:db8::25]:2525"]
tls = "required"
ca_file = "ca.pem"
user = "u"
password_file = "relay.password"
connections = 3
retry = ["10s", "10s"]
give_up = "2d"
[recipients]
allowlist = ["list.txt"]
well_known = false
learn = false
on_typo = "hold"
on_unknown = "warn"
confirm_window = "1h"
visible = 5
[protect]
methods = ["pgp", "zip", "clear"]
otherwise = "hold"
sign = false
hide_subject = true
tags = [{ subject = "[veilig]", methods = ["zip"] }]
[[protect.rule]]
to = ["Jan@X.nl", "x.nl", ".x.nl", "*"]
from = ["kantoor.nl"]
methods = ["smime"]
otherwise = "refuse"
sign = true
hide_subject = false
tls = "verified"
language = "en"
password = "command"
cipher = "aes-256-gcm"
domain_certificates = false
[smime]
certificates = "."
authorities = "ca.pem"
crl_dir = "."
cipher = "aes-256-gcm"
domain_certificates = true
[pgp]
home = "gnupg"
[zip]
password = "command"
command = "sms"
words = 8
[scan]
clamd = "127.0.0.1:3310"
otherwise = "pass"
[limits]
sender = 100
[retention]
held = "1d"
passwords = "2d"
audit = "3d"
learned = "4d"
[state]
dir = "state"
[log]
to = "stderr"
level = "debug"
addresses = "hash"
[admin]
socket = "admin.sock"
metrics = "127.0.0.1:9125"
)";

class EveryKey : public ::testing::Test {
 protected:
  void SetUp() override {
    for (const char* name : {"cert.pem", "ca.pem", "list.txt"}) folder.file(name, 0644);
    for (const char* name : {"key.pem", "users", "relay.password"}) folder.file(name, 0600);
    folder.file("sms", 0755);
    settings = loaded(every_key, folder.path());
  }
  const Folder folder;
  Settings settings;
};

TEST_F(EveryKey, OfOfficeAndServerIsRead) {
  EXPECT_EQ(settings.office.domains, (std::vector<std::string>{"kantoor.nl", "xn--mnchen-3ya.de"}));
  EXPECT_EQ(settings.office.relay, (HostPort{"mail.kantoor.nl", 25}));
  EXPECT_EQ(settings.office.language, Language::de);
  EXPECT_EQ(settings.office.phone, "+31 20 123");
  EXPECT_EQ(settings.server.hostname, "zegel.kantoor.nl");
  EXPECT_EQ(settings.server.listen, (std::vector<HostPort>{{"127.0.0.1", 0}, {"::1", 10025}}));
  EXPECT_EQ(settings.server.listen_tls, (std::vector<HostPort>{{"0.0.0.0", 465}}));
  EXPECT_EQ(settings.server.tls_certificate, folder.path() + "/cert.pem");
  EXPECT_EQ(settings.server.tls_key, folder.path() + "/key.pem");
  EXPECT_TRUE(settings.server.require_tls);
  ASSERT_EQ(settings.server.trusted.size(), 3U);
  EXPECT_EQ(settings.server.trusted[1].text, "192.0.2.7/32");
  EXPECT_EQ(settings.server.users, folder.path() + "/users");
  EXPECT_EQ(settings.server.message_size, 20U << 20);
  EXPECT_EQ(settings.server.recipients, 7U);
  EXPECT_EQ(settings.server.connections, 8U);
  EXPECT_EQ(settings.server.per_client, 9U);
  EXPECT_EQ(settings.server.memory, 1U << 30);
}

TEST_F(EveryKey, OfDeliveryAndRecipientsIsRead) {
  EXPECT_EQ(settings.delivery.relay, (std::vector<HostPort>{{"a.nl", 25}, {"2001:db8::25", 2525}}));
  EXPECT_EQ(settings.delivery.tls, Tls::required);
  EXPECT_EQ(settings.delivery.ca_file, folder.path() + "/ca.pem");
  EXPECT_EQ(settings.delivery.user, "u");
  EXPECT_EQ(settings.delivery.password_file, folder.path() + "/relay.password");
  EXPECT_EQ(settings.delivery.connections, 3U);
  EXPECT_EQ(settings.delivery.retry, (std::vector<seconds>{10s, 10s}));
  EXPECT_EQ(settings.delivery.give_up, 48h);
  EXPECT_EQ(settings.recipients.allowlist, std::vector{folder.path() + "/list.txt"});
  EXPECT_FALSE(settings.recipients.well_known);
  EXPECT_FALSE(settings.recipients.learn);
  EXPECT_EQ(settings.recipients.on_typo, OnDoubt::hold);
  EXPECT_EQ(settings.recipients.on_unknown, OnDoubt::warn);
  EXPECT_EQ(settings.recipients.confirm_window, 1h);
  EXPECT_EQ(settings.recipients.visible, 5U);
}

TEST_F(EveryKey, OfProtectIsRead) {
  EXPECT_EQ(settings.protect.methods, (std::vector{Method::pgp, Method::zip, Method::clear}));
  EXPECT_EQ(settings.protect.methods_place.rule(), "zegel.toml:39");
  EXPECT_EQ(settings.protect.otherwise, Otherwise::hold);
  EXPECT_FALSE(settings.protect.sign);
  EXPECT_TRUE(settings.protect.hide_subject);
  ASSERT_EQ(settings.protect.tags.size(), 1U);
  EXPECT_EQ(settings.protect.tags[0].subject, "[veilig]");
  EXPECT_EQ(settings.protect.tags[0].methods, std::vector{Method::zip});
}

TEST_F(EveryKey, OfARuleIsRead) {
  ASSERT_EQ(settings.protect.rules.size(), 1U);
  const Rule& rule = settings.protect.rules[0];
  EXPECT_EQ(rule.place.rule(), "zegel.toml:44");
  ASSERT_EQ(rule.to.size(), 4U);
  EXPECT_EQ(rule.to[0].text, "jan@x.nl");
  EXPECT_EQ(rule.to[0].kind, Pattern::Kind::mailbox);
  EXPECT_EQ(rule.to[2].kind, Pattern::Kind::subdomains);
  EXPECT_EQ(rule.from[0].text, "kantoor.nl");
  EXPECT_EQ(rule.methods, std::vector{Method::smime});
  EXPECT_EQ(rule.otherwise, Otherwise::refuse);
  EXPECT_EQ(rule.sign, true);
  EXPECT_EQ(rule.hide_subject, false);
  EXPECT_EQ(rule.tls, Tls::verified);
  EXPECT_EQ(rule.language, Language::en);
  EXPECT_EQ(rule.password, PasswordMode::command);
  EXPECT_EQ(rule.cipher, Cipher::aes256_gcm);
  EXPECT_EQ(rule.domain_certificates, false);
}

TEST_F(EveryKey, OfTheOtherSectionsIsRead) {
  EXPECT_EQ(settings.smime.certificates, folder.path());
  EXPECT_EQ(settings.smime.crl_dir, folder.path());
  EXPECT_EQ(settings.smime.authorities, folder.path() + "/ca.pem");
  EXPECT_EQ(settings.smime.cipher, Cipher::aes256_gcm);
  EXPECT_TRUE(settings.smime.domain_certificates);
  EXPECT_EQ(settings.pgp.home, folder.path() + "/gnupg");
  EXPECT_EQ(settings.zip.password, PasswordMode::command);
  EXPECT_EQ(settings.zip.command, folder.path() + "/sms");
  EXPECT_EQ(settings.zip.words, 8U);
  EXPECT_EQ(settings.scan.clamd, "127.0.0.1:3310");
  EXPECT_FALSE(settings.scan.defer_without);
  EXPECT_EQ(settings.limits.sender, 100U);
  EXPECT_EQ(settings.retention.held, 24h);
  EXPECT_EQ(settings.retention.passwords, 48h);
  EXPECT_EQ(settings.retention.audit, 72h);
  EXPECT_EQ(settings.retention.learned, 96h);
  EXPECT_EQ(settings.state.dir, folder.path() + "/state");
  EXPECT_TRUE(settings.log.to_stderr);
  EXPECT_EQ(settings.log.level, LogLevel::debug);
  EXPECT_EQ(settings.log.addresses, LogAddresses::hash);
  EXPECT_EQ(settings.admin.socket, folder.path() + "/admin.sock");
  EXPECT_EQ(settings.admin.metrics, (HostPort{"127.0.0.1", 9125}));
}

TEST(Config, TellsEveryProblemAtOnceInTheFilesOrder) {
  const auto settings = parse("[server]\nlisten = 5\nrecipiants = 3\n[office]\nlanguage = \"fr\"\n", "z.toml", "/");
  ASSERT_FALSE(settings);
  std::vector<std::uint32_t> lines;
  for (const Problem& problem : settings.error()) lines.push_back(problem.place.line);
  EXPECT_EQ(lines, (std::vector<std::uint32_t>{1, 2, 3, 4, 5})) << text_of(settings.error());
}

TEST(Config, RefusesSecretsThatEveryoneCanRead) {
  const Folder folder;
  folder.file("secret", 0644);
  const auto config = std::string(least) + "user = \"u\"\npassword_file = \"secret\"\n";
  const auto open = parse(config, "z.toml", folder.path());
  ASSERT_FALSE(open);
  EXPECT_EQ(
      text_of(open.error()),
      "z.toml:9:17: delivery.password_file: \"secret\" holds secrets and everyone can read it; chmod o-rwx secret\n");
  folder.file("secret", 0640);
  EXPECT_TRUE(parse(config, "z.toml", folder.path()));
}

TEST(Config, LetsZegelMakeTheUsersFileButNotTheFolderAroundIt) {
  const Folder folder;
  const auto with = [&](const std::string& path) {
    return parse("[server]\nlisten = [\"127.0.0.1:0\"]\nusers = \"" + path +
                     "\"\n[office]\ndomains = [\"k.nl\"]\n[delivery]\ndirect = true\n",
                 "z.toml", folder.path());
  };
  EXPECT_TRUE(with("users"));
  EXPECT_EQ(text_of(with("no/users").error()),
            "z.toml:3:1: server.users: the folder around it is not there; make it, or mend the path\n");
  folder.file("users", 0644);
  EXPECT_EQ(text_of(with("users").error()),
            "z.toml:3:9: server.users: \"users\" holds secrets and everyone can read it; chmod o-rwx users\n");
}

TEST(Config, TakesADefaultFolderThatIsNotThereForEmpty) {
  EXPECT_EQ(loaded(least, "/nowhere").smime.certificates, "/etc/zegel/smime");
}

TEST(Config, SaysWhereAFileThatCannotBeReadShouldHaveBeen) {
  const auto settings = load("/nowhere/zegel.toml");
  ASSERT_FALSE(settings);
  EXPECT_EQ(text_of(settings.error()),
            "/nowhere/zegel.toml:1:1: cannot be read: No such file or directory; name a config that is there, or make "
            "one with: zegel init\n");
}

TEST(Config, CountsRelativePathsFromItsOwnFolder) {
  const Folder folder;
  folder.file("list.txt", 0644);
  folder.file("zegel.toml", 0644, std::string(least) + "[recipients]\nallowlist = [\"list.txt\"]\n");
  const auto settings = load(folder.path() + "/zegel.toml");
  ASSERT_TRUE(settings) << text_of(settings.error());
  EXPECT_EQ(settings->recipients.allowlist, std::vector{folder.path() + "/list.txt"});
}

TEST(Config, TakesACredentialInPlaceOfTheFileThatIsForRootsEyes) {
  const Folder handed_over;
  handed_over.file("zegel_relay.password", 0400, "geheim");
  ::setenv("CREDENTIALS_DIRECTORY", handed_over.path().c_str(), 1);
  const std::string toml = std::string(least) + "user = \"kantoor\"\npassword_file = \"credentials/relay.password\"\n";
  EXPECT_EQ(loaded(toml).delivery.password_file, handed_over.path() + "/zegel_relay.password");
  EXPECT_EQ(loaded(toml, "/etc/zegel/.").delivery.password_file, handed_over.path() + "/zegel_relay.password");
  const auto other = parse(std::string(least) + "user = \"kantoor\"\npassword_file = \"relay.password\"\n",
                           "zegel.toml", "/etc/zegel");
  EXPECT_FALSE(other.has_value());  // not from that folder: not a credential
  ::unsetenv("CREDENTIALS_DIRECTORY");
  EXPECT_FALSE(parse(toml, "zegel.toml", "/etc/zegel").has_value());
}

}  // namespace
}  // namespace zegel::config
