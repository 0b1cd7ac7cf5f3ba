#include "heartbeat.h"

#include <chrono>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string>
#include <thread>

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "service.h"

namespace zegel {
namespace {

using std::chrono::milliseconds;

/// In systemd's place.
class Systemd {
 public:
  explicit Systemd(const std::string& watchdog_usec) : socket_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    std::string name = testing::TempDir() + "zegel-notify-XXXXXX";
    folder_ = ::mkdtemp(name.data());
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, (folder_ + "/notify").c_str(), sizeof address.sun_path - 1);
    EXPECT_EQ(::bind(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0) << std::strerror(errno);
    ::setenv("NOTIFY_SOCKET", address.sun_path, 1);
    ::setenv("WATCHDOG_USEC", watchdog_usec.c_str(), 1);
  }
  Systemd(const Systemd&) = delete;
  Systemd& operator=(const Systemd&) = delete;
  ~Systemd() {
    for (const char* name : {"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"}) ::unsetenv(name);
    ::close(socket_);
    std::filesystem::remove_all(folder_);
  }

  /// All that was said by now.
  [[nodiscard]] std::string heard() const {
    std::string all;
    char room[4'096];
    for (ssize_t size = 0; (size = ::recv(socket_, room, sizeof room, MSG_DONTWAIT)) >= 0;)
      all.append(room, static_cast<std::size_t>(size)).append("\n");
    return all;
  }

 private:
  int socket_;
  std::string folder_;
};

const auto on_the_spot = [](const std::function<void()>& work) { work(); };

void run_until_heard(boost::asio::io_context& io, const Systemd& systemd, std::string_view wanted) {
  std::string all;
  for (int i = 0; i < 3'000 && !all.contains(wanted); ++i) {
    io.run_for(milliseconds(10));
    all += systemd.heard();
  }
  EXPECT_TRUE(all.contains(wanted)) << all;
}

TEST(Heartbeat, BeatsOnlyWhileTheLoopTurns) {
  const Systemd systemd("30000");
  boost::asio::io_context io;
  Heartbeat heartbeat(io, on_the_spot, [] { return ""; });
  heartbeat.start();
  run_until_heard(io, systemd, "WATCHDOG=1\n");
  (void)systemd.heard();
  std::this_thread::sleep_for(milliseconds(100));  // the loop hangs: three periods long
  EXPECT_EQ(systemd.heard(), "");
  run_until_heard(io, systemd, "WATCHDOG=1\n");
}

TEST(Heartbeat, SaysWhatThereIsToDo) {
  const Systemd systemd("0");
  boost::asio::io_context io;
  Heartbeat heartbeat(io, on_the_spot, [] { return "3 queued, 1 held"; });
  heartbeat.start();
  heartbeat.say("Taking mail");
  run_until_heard(io, systemd, "STATUS=Taking mail; 3 queued, 1 held\n");
}

TEST(Service, HeedsAWatchdogThatIsMeantForIt) {
  const Systemd systemd("2000000");
  EXPECT_EQ(service::watchdog_period(), std::chrono::seconds(2));
  ::setenv("WATCHDOG_PID", std::to_string(::getpid()).c_str(), 1);
  EXPECT_EQ(service::watchdog_period(), std::chrono::seconds(2));
  ::setenv("WATCHDOG_PID", "1", 1);
  EXPECT_EQ(service::watchdog_period(), std::nullopt);
  ::unsetenv("WATCHDOG_PID");
  ::setenv("WATCHDOG_USEC", "soon", 1);
  EXPECT_EQ(service::watchdog_period(), std::nullopt);
}

}  // namespace
}  // namespace zegel
