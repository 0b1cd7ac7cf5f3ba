#include "rig.h"

#include <stdexcept>

#include <boost/asio/executor_work_guard.hpp>

#include "seal/sealed.h"

namespace zegel::send {

using namespace std::chrono_literals;

net::Task<MxAnswer> FakeResolver::mx(std::string domain) {
  const auto at = mx_records.find(domain);
  if (at == mx_records.end()) co_return MxAnswer{.kind = MxAnswer::Kind::no_such_domain};
  co_return at->second;
}

net::Task<AddressAnswer> FakeResolver::addresses(std::string host) {
  const auto at = hosts.find(host);
  if (at != hosts.end()) co_return at->second;
  if (is_address(host)) co_return AddressAnswer{.addresses = {host}};
  co_return AddressAnswer{.exists = false, .why = "no such host"};
}

Reading FakeClock::read() const {
  return {now() + milliseconds(calendar_offset_ms),
          std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now().time_since_epoch())};
}

mail::Mailbox mailbox(const std::string& address) {
  const std::size_t at = address.rfind('@');
  return {address.substr(0, at), address.substr(at + 1)};
}

mail::Recipient to(const std::string& address) { return {.mailbox = mailbox(address)}; }

Rig::Rig() {
  settings->server.hostname = "zegel.kantoor.nl";
  settings->office.domains = {"kantoor.nl"};
  settings->delivery.ca_file = ZEGEL_SOURCE_DIR "/tests/support/tls/ca.pem";
  around.timeouts = {.connect = 500ms,
                     .greeting = 500ms,
                     .command = 500ms,
                     .data = 500ms,
                     .body = 500ms,
                     .final_dot = 500ms,
                     .quit = 200ms,
                     .idle = 2s};
  around.clock = [this] { return clock.read(); };
  around.dice = [] { return 0.0; };
  around.grace = 500ms;
  around.store_retry = 50ms;
  around.resolver = dns;
}

Rig::~Rig() {
  if (!thread_.joinable()) return;
  io_.stop();
  thread_.join();
}

void Rig::relay_to(const std::vector<std::uint16_t>& ports, const std::string& host) {
  for (const auto port : ports) settings->delivery.relay.push_back({host, port});
}

void Rig::start() {
  dispatcher_ = std::make_unique<Dispatcher>(io_, settings, store, around);
  dispatcher_->start();
  thread_ = std::thread([this] {
    const auto guard = boost::asio::make_work_guard(io_);
    io_.run();
  });
}

void Rig::stop() {
  std::atomic<bool> done = false;
  dispatcher_->stop([&] { done = true; });
  if (!wait_for([&] { return done.load(); })) throw std::runtime_error("the dispatcher did not stop");
}

store::Submission Rig::mail(const std::vector<std::string>& recipients, const std::string& message) const {
  store::Submission submission;
  submission.reference = "7K3QX9M2TB";
  submission.envelope.from = mailbox("piet@kantoor.nl");
  submission.client = "127.0.0.1";
  submission.received = clock.read().calendar;
  std::vector<mail::Recipient> all;
  for (const auto& recipient : recipients) all.push_back(to(recipient));
  submission.envelope.to = all;
  submission.copies.push_back(
      {.message = seal::FromStore::sealed(message), .recipients = all, .method = Method::clear, .tls = tls});
  return submission;
}

void Rig::submit(store::Submission submission) {
  store.submit(std::move(submission), [](std::exception_ptr error) {
    if (error) std::rethrow_exception(error);
  });
}

bool Rig::wait_for(const std::function<bool()>& holds) {
  for (int i = 0; i < 5'000; ++i) {
    if (holds()) return true;
    std::this_thread::sleep_for(2ms);
  }
  return false;
}

bool Rig::wait_for_attempts(std::size_t count) {
  return wait_for([&] { return store.attempts().size() >= count; });
}

bool Rig::wait_until_empty() {
  return wait_for([&] { return store.figures().queued == 0; });
}

store::RecipientOutcome Rig::only_outcome() {
  if (!wait_for_attempts(1)) throw std::runtime_error("nothing was attempted");
  const auto attempts = store.attempts();
  if (attempts.front().outcomes.size() != 1) throw std::runtime_error("not one recipient");
  return attempts.front().outcomes.front();
}

}  // namespace zegel::send
