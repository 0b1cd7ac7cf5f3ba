#include <cstdio>
#include <list>
#include <stdexcept>
#include <thread>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <malloc.h>
#include <sys/wait.h>
#include <unistd.h>

#include "dialog.h"
#include "fake_gatehouse.h"
#include "receive/intake.h"
#include "running_intake.h"
#include "test_client.h"

namespace zegel::receive {
namespace {

using namespace std::chrono_literals;

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool sanitized = true;
#elif defined(__has_feature)
constexpr bool sanitized = __has_feature(address_sanitizer) || __has_feature(thread_sanitizer);
#else
constexpr bool sanitized = false;
#endif

/// Another process that opens connections, says EHLO on each and then nothing. Made before there are threads.
class IdleClients {
 public:
  static constexpr int count = 500;

  explicit IdleClients(bool tls) : tls_(tls) {
    if (::pipe2(to_child_, O_CLOEXEC) != 0 || ::pipe2(to_parent_, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
    child_ = ::fork();
    if (child_ == 0) ::_exit(run());
  }
  ~IdleClients() {
    ::close(to_child_[1]);
    ::waitpid(child_, nullptr, 0);
  }
  IdleClients(const IdleClients&) = delete;
  IdleClients& operator=(const IdleClients&) = delete;

  /// Whether all of them got through.
  [[nodiscard]] bool connect(std::uint16_t port) const {
    char answer = 0;
    return ::write(to_child_[1], &port, sizeof port) == sizeof port && ::read(to_parent_[0], &answer, 1) == 1 &&
           answer == '1';
  }

 private:
  int run() const {
    std::uint16_t port = 0;
    ::close(to_child_[1]);
    std::list<TestClient> all;
    while (::read(to_child_[0], &port, sizeof port) == sizeof port) {
      char answer = '1';
      for (int i = 0; i < count && answer == '1'; ++i) {
        TestClient& client = all.emplace_back(port);
        if (tls_) client.shake_hands();
        client.hear();
        client.say("EHLO pc\r\n");
        if (!client.hear_reply().starts_with("250 ")) answer = '0';
      }
      if (::write(to_parent_[1], &answer, 1) != 1) return 1;
    }
    return 0;
  }

  bool tls_;
  int to_child_[2] = {}, to_parent_[2] = {};
  pid_t child_ = -1;
};

/// Octets of our heap for each of 500 clients who have said EHLO and are silent since.
std::size_t cost_of_idling(bool tls) {
  const IdleClients clients(tls);
  const auto settings = test_settings();
  settings->server.connections = settings->server.per_client = 1000;
  FakeGatehouse gatehouse;
  RunningIntake intake(settings, gatehouse);
  const auto in_use = [] {
    const auto info = ::mallinfo2();
    return info.uordblks + info.hblkhd;
  };
  const std::size_t before = in_use();
  EXPECT_TRUE(clients.connect(intake.port(tls ? 1 : 0)));
  EXPECT_EQ(intake->connections(), std::size_t{IdleClients::count});
  std::this_thread::sleep_for(100ms);
  return (in_use() - before) / IdleClients::count;
}

TEST(Intake, KeepsAnIdleConnectionInUnder16Kilobytes) {
  if (sanitized) GTEST_SKIP() << "a sanitizer's heap says nothing of ours";
  const std::size_t cost = cost_of_idling(false);
  RecordProperty("octets", static_cast<int>(cost));
  std::printf("an idle connection: %zu octets\n", cost);
  EXPECT_GT(cost, 0u);
  EXPECT_LT(cost, std::size_t{16} << 10);
}

TEST(Intake, KeepsAnIdleTlsConnectionInUnder24Kilobytes) {
  if (sanitized) GTEST_SKIP() << "a sanitizer's heap says nothing of ours";
  const std::size_t cost = cost_of_idling(true);
  RecordProperty("octets", static_cast<int>(cost));
  std::printf("an idle TLS connection: %zu octets\n", cost);
  EXPECT_LT(cost, std::size_t{24} << 10) << "OpenSSL's own objects alone take 14.5";
}

}  // namespace
}  // namespace zegel::receive
