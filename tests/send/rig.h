#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "config/settings.h"
#include "send/dispatcher.h"
#include "send/resolver.h"
#include "send/surroundings.h"
#include "support/fake_store.h"
#include "support/next_hop.h"

namespace zegel::send {

/// Answers from a list, without a network.
class FakeResolver : public Resolver {
 public:
  std::map<std::string, MxAnswer> mx_records;
  std::map<std::string, AddressAnswer> hosts;

  net::Task<MxAnswer> mx(std::string domain) override;
  net::Task<AddressAnswer> addresses(std::string host) override;
};

/// A clock that tests may turn.
struct FakeClock {
  std::atomic<std::int64_t> calendar_offset_ms = 0;
  [[nodiscard]] Reading read() const;
};

[[nodiscard]] mail::Mailbox mailbox(const std::string& address);
[[nodiscard]] mail::Recipient to(const std::string& address);

inline constexpr const char* short_message =
    "From: <piet@kantoor.nl>\r\nTo: <jan@x.nl>\r\nSubject: s\r\nMessage-ID: <1@kantoor.nl>\r\n\r\nhello\r\n";

/// A dispatcher with a store in memory and short patience, on a thread of its own.
class Rig {
 public:
  Rig();
  ~Rig();

  /// relay = these, in order.
  void relay_to(const std::vector<std::uint16_t>& ports, const std::string& host = "127.0.0.1");
  void start();
  void stop();

  store::Submission mail(const std::vector<std::string>& recipients, const std::string& message = short_message) const;
  void submit(store::Submission);
  void submit_to(const std::vector<std::string>& recipients) { submit(mail(recipients)); }

  /// False when it did not become true within ten seconds.
  bool wait_for(const std::function<bool()>&);
  bool wait_for_attempts(std::size_t count);
  bool wait_until_empty();
  /// What became of the one recipient of the one attempt so far.
  store::RecipientOutcome only_outcome();
  [[nodiscard]] Dispatcher& dispatcher() { return *dispatcher_; }

  std::shared_ptr<config::Settings> settings = std::make_shared<config::Settings>();
  fake::FakeStore store;
  Surroundings around;
  FakeClock clock;
  std::shared_ptr<FakeResolver> dns = std::make_shared<FakeResolver>();
  Tls tls = Tls::none;

 private:
  boost::asio::io_context io_;
  std::unique_ptr<Dispatcher> dispatcher_;
  std::thread thread_;
};

}  // namespace zegel::send
