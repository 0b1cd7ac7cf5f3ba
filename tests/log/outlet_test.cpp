#include "log/outlet.h"

#include <chrono>
#include <cstring>
#include <filesystem>
#include <regex>
#include <string>
#include <thread>

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace zegel::log {
namespace {

using std::chrono::milliseconds;

/// What rsyslog or journald has: a datagram socket with a name.
class Receiver {
 public:
  explicit Receiver(const std::string& path) : socket_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
    EXPECT_EQ(::bind(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0) << std::strerror(errno);
  }
  Receiver(const Receiver&) = delete;
  Receiver& operator=(const Receiver&) = delete;
  ~Receiver() { ::close(socket_); }

  /// The next line, or empty when none comes within `patience`.
  [[nodiscard]] std::string next(milliseconds patience = std::chrono::seconds(20)) const {
    pollfd wanted{socket_, POLLIN, 0};
    if (::poll(&wanted, 1, static_cast<int>(patience.count())) <= 0) return {};
    std::string line(65'536, '\0');
    const ssize_t size = ::recv(socket_, line.data(), line.size(), 0);
    line.resize(size < 0 ? 0 : static_cast<std::size_t>(size));
    return line;
  }

 private:
  int socket_;
};

class OutletTest : public testing::Test {
 protected:
  OutletTest() {
    std::string name = testing::TempDir() + "zegel-log-XXXXXX";
    folder_ = ::mkdtemp(name.data());
    path = folder_ + "/log";
  }
  ~OutletTest() override { std::filesystem::remove_all(folder_); }

  std::string path;

 private:
  std::string folder_;
};

TEST_F(OutletTest, WritesAsSyslogDoes) {
  const Receiver receiver(path);
  Outlet outlet(path);
  outlet.write(Severity::info, "event=sent id=7K3QX9M2TB");
  EXPECT_TRUE(std::regex_match(receiver.next(),
                               std::regex("<22>[A-Z][a-z]{2} [ 1-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-6][0-9] zegeld\\[" +
                                          std::to_string(::getpid()) + "\\]: event=sent id=7K3QX9M2TB")));
}

TEST_F(OutletTest, TellsSeveritiesApart) {
  const Receiver receiver(path);
  Outlet outlet(path);
  for (const auto& [severity, head] :
       {std::pair{Severity::error, "<19>"}, {Severity::warning, "<20>"}, {Severity::debug, "<23>"}}) {
    outlet.write(severity, "event=x");
    EXPECT_TRUE(receiver.next().starts_with(head));
  }
}

TEST_F(OutletTest, CutsWhatIsTooLongForSyslog) {
  const Receiver receiver(path);
  Outlet outlet(path);
  outlet.write(Severity::info, std::string(50'000, 'x'));
  const std::string line = receiver.next();
  EXPECT_GT(line.size(), 7'000u);
  EXPECT_LT(line.size(), 8'192u);
}

TEST_F(OutletTest, WaitsForAReceiverThatIsBeingStarted) {
  Outlet outlet(path, std::chrono::minutes(1));
  std::thread writer([&] { outlet.write(Severity::info, "event=early"); });
  const Receiver receiver(path);
  EXPECT_TRUE(receiver.next().ends_with("event=early"));
  writer.join();
}

TEST_F(OutletTest, FindsAReceiverThatWasStartedAnew) {
  Outlet outlet(path);
  {
    const Receiver first(path);
    outlet.write(Severity::info, "event=one");
    EXPECT_TRUE(first.next().ends_with("event=one"));
  }
  std::filesystem::remove(path);
  const Receiver second(path);
  outlet.write(Severity::info, "event=two");
  EXPECT_TRUE(second.next().ends_with("event=two"));
}

TEST_F(OutletTest, LosesLinesRatherThanTimeOnAStuckReceiver) {
  const Receiver receiver(path);
  Outlet outlet(path, milliseconds(1));
  const int lines = 20'000;  // far more than the socket holds; each waiting for its own would take forever
  for (int i = 0; i < lines; ++i) outlet.write(Severity::info, "event=line number=" + std::to_string(i));
  int taken = 0;
  while (!receiver.next(milliseconds(0)).empty()) ++taken;
  EXPECT_LT(taken, lines);
  outlet.write(Severity::info, "event=after");
  EXPECT_TRUE(receiver.next().ends_with("event=log-lost lines=" + std::to_string(lines - taken)));
  EXPECT_TRUE(receiver.next().ends_with("event=after"));
}

TEST_F(OutletTest, GivesUpSoonWhenHurried) {
  Outlet outlet(path, std::chrono::hours(24));
  std::thread writer([&] { outlet.write(Severity::info, "event=nobody"); });
  outlet.hurry();
  writer.join();
}

}  // namespace
}  // namespace zegel::log
