#include "send/resolver.h"

#include <atomic>
#include <thread>

#include <arpa/inet.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

namespace zegel::send {
namespace {

std::string number(unsigned value) { return {static_cast<char>(value >> 8), static_cast<char>(value)}; }

std::string wire_name(const std::string& name) {
  std::string wire;
  for (std::size_t begin = 0; begin < name.size();) {
    const std::size_t end = std::min(name.find('.', begin), name.size());
    wire += static_cast<char>(end - begin);
    wire += name.substr(begin, end - begin);
    begin = end + 1;
  }
  return wire + std::string(1, '\0');
}

/// A name server on UDP that answers by the first label asked for.
class NameServer {
 public:
  NameServer() : socket_(::socket(AF_INET, SOCK_DGRAM, 0)) {
    sockaddr_in any{};
    any.sin_family = AF_INET;
    any.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::bind(socket_, reinterpret_cast<sockaddr*>(&any), sizeof any), 0);
    socklen_t size = sizeof any;
    ::getsockname(socket_, reinterpret_cast<sockaddr*>(&any), &size);
    port_ = ntohs(any.sin_port);
    const timeval soon{.tv_sec = 0, .tv_usec = 50'000};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &soon, sizeof soon);
    thread_ = std::thread([this] { serve(); });
  }
  ~NameServer() {
    stop_ = true;
    thread_.join();
    ::close(socket_);
  }
  NameServer(const NameServer&) = delete;
  NameServer& operator=(const NameServer&) = delete;

  [[nodiscard]] std::string address() const { return "127.0.0.1:" + std::to_string(port_); }

 private:
  static std::string mx(unsigned preference, const std::string& host) {
    const std::string data = number(preference) + wire_name(host);
    return std::string("\xC0\x0C", 2) + number(15) + number(1) + number(0) + number(60) +
           number(static_cast<unsigned>(data.size())) + data;
  }
  static std::string a(unsigned last) {
    return std::string("\xC0\x0C", 2) + number(1) + number(1) + number(0) + number(60) + number(4) +
           std::string{'\x7F', '\0', '\0', static_cast<char>(last)};
  }

  static std::string answer(const std::string& query) {
    const auto label = query.substr(13, static_cast<unsigned char>(query[12]));
    const std::size_t end = query.find('\0', 12);
    const unsigned type = static_cast<unsigned char>(query[end + 2]);
    std::vector<std::string> records;
    unsigned code = 0;
    if (label == "gone") code = 3;
    if (label == "broken") code = 2;
    if (type == 15 && label == "two") records = {mx(20, "b.example"), mx(10, "a.example")};
    if (type == 15 && label == "null") records = {mx(0, "")};
    if (type == 1 && label == "host") records = {a(1), a(2)};
    std::string out = query.substr(0, 2) + number(0x8180 | code) + number(1) +
                      number(static_cast<unsigned>(records.size())) + number(0) + number(0);
    out += query.substr(12, end + 5 - 12);
    for (const auto& record : records) out += record;
    return out;
  }

  void serve() {
    char room[512];
    while (!stop_) {
      sockaddr_in from{};
      socklen_t size = sizeof from;
      const auto got = ::recvfrom(socket_, room, sizeof room, 0, reinterpret_cast<sockaddr*>(&from), &size);
      if (got < 17) continue;
      const std::string out = answer(std::string(room, static_cast<std::size_t>(got)));
      ::sendto(socket_, out.data(), out.size(), 0, reinterpret_cast<sockaddr*>(&from), size);
    }
  }

  int socket_;
  std::uint16_t port_ = 0;
  std::atomic<bool> stop_ = false;
  std::thread thread_;
};

class Dns : public testing::Test {
 protected:
  template <class T>
  T wait_for(net::Task<T> question) {
    auto answer = boost::asio::co_spawn(io_, std::move(question), boost::asio::use_future);
    io_.restart();
    while (answer.wait_for(std::chrono::seconds(0)) != std::future_status::ready) {
      if (io_.run_one_for(std::chrono::seconds(30)) == 0) throw std::runtime_error("no answer");
    }
    return answer.get();
  }
  MxAnswer mx(const std::string& domain) { return wait_for(resolver_->mx(domain)); }
  AddressAnswer addresses(const std::string& host) { return wait_for(resolver_->addresses(host)); }

  NameServer server_;
  boost::asio::io_context io_;
  std::shared_ptr<Resolver> resolver_ = make_resolver(io_.get_executor(), server_.address());
};

TEST_F(Dns, ReadsMxRecords) {
  const auto answer = mx("two.example");
  EXPECT_EQ(answer.kind, MxAnswer::Kind::records);
  ASSERT_EQ(answer.records.size(), 2U);
  EXPECT_EQ(answer.records[0].preference, 20);
  EXPECT_EQ(answer.records[0].host, "b.example");
}

TEST_F(Dns, ReadsTheNullMx) {
  const auto answer = mx("null.example");
  ASSERT_EQ(answer.records.size(), 1U);
  EXPECT_EQ(answer.records[0].host, "");
}

TEST_F(Dns, TellsNoMxFromNoDomainFromNoAnswer) {
  EXPECT_EQ(mx("empty.example").kind, MxAnswer::Kind::none);
  EXPECT_EQ(mx("gone.example").kind, MxAnswer::Kind::no_such_domain);
  const auto broken = mx("broken.example");
  EXPECT_EQ(broken.kind, MxAnswer::Kind::failed);
  EXPECT_FALSE(broken.why.empty());
}

TEST_F(Dns, FindsAddresses) {
  const auto found = addresses("host.example");
  EXPECT_EQ(found.addresses.size(), 2U);
  EXPECT_TRUE(found.exists);
  EXPECT_FALSE(addresses("gone.example").exists);
  EXPECT_EQ(addresses("192.0.2.1").addresses, std::vector<std::string>{"192.0.2.1"});
  EXPECT_EQ(addresses("::1").addresses, std::vector<std::string>{"::1"});
}

TEST_F(Dns, AnswersManyQuestionsAtOnce) {
  std::vector<std::future<MxAnswer>> answers;
  for (int i = 0; i < 50; ++i) {
    answers.push_back(boost::asio::co_spawn(io_, resolver_->mx("two.example"), boost::asio::use_future));
  }
  for (auto& answer : answers) {
    while (answer.wait_for(std::chrono::seconds(0)) != std::future_status::ready) {
      ASSERT_NE(io_.run_one_for(std::chrono::seconds(30)), 0U);
    }
    EXPECT_EQ(answer.get().records.size(), 2U);
  }
}

TEST_F(Dns, MayGoWhileAQuestionIsOpen) {
  auto answer = boost::asio::co_spawn(io_, resolver_->mx("two.example"), boost::asio::use_future);
  io_.poll_one();
  resolver_.reset();
}

}  // namespace
}  // namespace zegel::send
