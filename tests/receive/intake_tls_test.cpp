#include <algorithm>
#include <mutex>
#include <vector>

#include <gtest/gtest.h>

#include "dialog.h"
#include "fake_gatehouse.h"
#include "log/log.h"
#include "running_intake.h"
#include "test_client.h"

namespace zegel::receive {
namespace {

constexpr int tls12 = 0x0303;
constexpr int tls13 = 0x0304;

TEST(Intake, SpeaksTls12And13Only) {
  FakeGatehouse gatehouse;
  RunningIntake intake(test_settings(), gatehouse);
  for (const auto& [version, name] : {std::pair(tls12, "TLSv1.2"), std::pair(tls13, "TLSv1.3")}) {
    TestClient client(intake.port(1));
    client.shake_hands(version);
    EXPECT_EQ(client.tls_version(), name);
  }
  for (const int version : {0x0301, 0x0302}) {
    TestClient client(intake.port(1));
    EXPECT_THROW(client.shake_hands(version), std::runtime_error);
  }
}

TEST(Intake, ChoosesTheCipherItself) {
  FakeGatehouse gatehouse;
  RunningIntake intake(test_settings(), gatehouse);
  TestClient client(intake.port(1));
  client.shake_hands(tls12,
                     "ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES128-GCM-SHA256:"
                     "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-AES256-GCM-SHA384");
  EXPECT_TRUE(client.tls_cipher().ends_with("AES256-GCM-SHA384")) << client.tls_cipher();
}

TEST(Intake, HasNoCipherWithoutEncryptionOrCertificate) {
  FakeGatehouse gatehouse;
  RunningIntake intake(test_settings(), gatehouse);
  for (const char* ciphers : {"aNULL:@SECLEVEL=0", "eNULL:@SECLEVEL=0", "ADH:@SECLEVEL=0"}) {
    TestClient client(intake.port(1));
    EXPECT_THROW(client.shake_hands(tls12, ciphers), std::runtime_error) << ciphers;
  }
}

TEST(Intake, DoesNotRenegotiate) {
  FakeGatehouse gatehouse;
  RunningIntake intake(test_settings(), gatehouse);
  TestClient client(intake.port(1));
  client.shake_hands(tls12);
  EXPECT_TRUE(client.hear().starts_with("220 "));
  EXPECT_FALSE(client.renegotiate());
  TestClient other(intake.port(1));
  other.shake_hands(tls12);
  EXPECT_TRUE(other.hear().starts_with("220 ")) << "nobody else is troubled by it";
}

TEST(Intake, LogsAHandshakeThatFails) {
  std::mutex mutex;
  std::vector<std::string> lines;
  log::capture([&](const std::string& line) {
    const std::scoped_lock lock(mutex);
    lines.push_back(line);
  });
  {
    FakeGatehouse gatehouse;
    RunningIntake intake(test_settings(), gatehouse);
    TestClient client(intake.port(1));
    client.say("EHLO pc\r\n");
    while (client.hear() != "<closed>") {}
  }
  log::capture(nullptr);
  EXPECT_EQ(std::ranges::count_if(lines,
                                  [](const std::string& line) {
                                    return line.starts_with("event=tls-failed client=127.0.0.1 why=\"TLS handshake: ");
                                  }),
            1);
}

}  // namespace
}  // namespace zegel::receive
