#include "receive/visit.h"

#include <optional>

#include "core/random.h"
#include "core/time.h"
#include "log/log.h"
#include "net/offload.h"
#include "net/pause.h"
#include "smtp/received.h"

namespace zegel::receive {
namespace {

/// Refused recipients of one message; a client that goes on after so many is not writing a message.
constexpr std::size_t most_remembered = 1'000;

const smtp::Reply budget_spent{452, "4.3.1", "too many messages in work, try again later"};
const smtp::Reply accident_here{451, "4.3.0", "something went wrong here, try again"};

std::string tls_text(const net::TlsFacts* facts) {
  if (facts == nullptr) return {};
  return facts->version + " with cipher " + facts->cipher + " (" + std::to_string(facts->bits) + " bits)";
}

}  // namespace

Visit::Visit(const House& house, std::shared_ptr<const Doorstep> doorstep, net::Stream stream, std::string address,
             bool implicit_tls)
    : house_(house),
      doorstep_(std::move(doorstep)),
      stream_(std::move(stream)),
      address_(std::move(address)),
      share_(house.budget),
      session_(doorstep_->terms, implicit_tls),
      implicit_tls_(implicit_tls),
      trusted_(doorstep_->trusted.contain(address_)) {}

net::Task<void> Visit::run() {
  std::optional<smtp::Reply> last_words;
  const std::string& host = doorstep_->terms->hostname;
  try {
    co_await serve();
  } catch (const net::Broken& broken) {
    const bool tls = broken.kind() == net::Broken::Kind::tls;  // an administrator looks for this one
    log::Event(tls ? "tls-failed" : "disconnected", tls ? log::Level::info : log::Level::debug)
        .field("client", address_)
        .field("why", broken.what())
        .send();
    if (broken.kind() == net::Broken::Kind::timeout) last_words = smtp::Reply{421, "4.4.2", host + " waited too long"};
    if (broken.kind() == net::Broken::Kind::interrupted)
      last_words = smtp::Reply{421, "4.3.2", host + " is going down"};
  } catch (const std::exception& accident) {
    log::Event("alarm", log::Level::error).field("client", address_).field("what", accident.what()).send();
    last_words = smtp::Reply{421, "4.3.0", host + " met with an accident"};
  }
  if (last_words && (!implicit_tls_ || stream_.tls() != nullptr)) co_await say_goodbye(*last_words);
  stream_.close();
}

net::Task<void> Visit::say_goodbye(smtp::Reply reply) {
  try {
    stream_.set_limit(house_.patience.last_words);
    co_await stream_.write(session_.take_output() + reply.wire());
  } catch (const net::Broken&) {  // it went without a word
  }
}

net::Task<void> Visit::serve() {
  stream_.set_end(house_.patience.visit);
  if (implicit_tls_) {
    stream_.set_limit(house_.patience.handshake);
    co_await stream_.start_tls(doorstep_->tls);
  }
  stream_.set_limit(house_.patience.idle);
  for (bool going_on = true; going_on;) {
    std::string_view input = stream_.buffered();
    const std::size_t before = input.size();
    const smtp::Step step = session_.next(input);
    if (step == smtp::Step::authenticate) {
      stream_.consume_secret(before - input.size());
    } else {
      stream_.consume(before - input.size());
    }
    account();
    if (step == smtp::Step::read) {
      co_await read_more();  // here it waits: no deeper than it must, for each frame is memory
    } else {
      going_on = co_await carry_out(step);
    }
  }
}

/// Whether the visit goes on.
net::Task<bool> Visit::carry_out(smtp::Step step) {
  switch (step) {
    case smtp::Step::read:
      break;
    case smtp::Step::sender:
      ask_sender();
      break;
    case smtp::Step::recipient:
      ask_recipient();
      break;
    case smtp::Step::begin_message:
      begin_message();
      break;
    case smtp::Step::deliver:
      co_await deliver();
      break;
    case smtp::Step::refuse:
      refuse(session_.refusal());
      break;
    case smtp::Step::authenticate:
      co_await authenticate();
      break;
    case smtp::Step::start_tls:
      co_await start_tls();
      break;
    case smtp::Step::close:
      co_await flush();
      co_return false;
  }
  co_return true;
}

net::Task<void> Visit::flush() {
  if (session_.has_output()) co_await stream_.write(session_.take_output());
}

net::Task<void> Visit::read_more() {
  co_await flush();
  if (leaving_ && !session_.in_message()) throw net::Broken(net::Broken::Kind::interrupted, "going down");
  try {
    co_await stream_.fill();
  } catch (const net::Broken& broken) {
    if (broken.kind() != net::Broken::Kind::interrupted || !session_.in_message()) throw;
    leaving_ = true;
    stream_.set_limit(house_.patience.leaving);
  }
}

Client Visit::client() const {
  const net::TlsFacts* facts = stream_.tls();
  return {.address = address_,
          .helo = session_.helo(),
          .tls = facts != nullptr ? facts->version : "",
          .user = session_.user(),
          .may_relay = trusted_ || !session_.user().empty(),
          .reference = reference_};
}

/// A stranger is told that he may not relay at RCPT; one who does not even name a sender of ours is known for what he
/// is before that.
void Visit::ask_sender() {
  refused_.clear();
  try {
    const Client who = client();
    const auto refusal = house_.gatehouse.sender(who, session_.envelope().from);
    if (refusal != nullptr && !who.may_relay) {
      denied("relay");
      session_.add_mistake();
    }
    session_.answer(refusal.get());
  } catch (const std::exception& accident) {
    log::Event("alarm", log::Level::error).field("what", accident.what()).send();
    session_.answer(accident_here);
  }
}

void Visit::ask_recipient() {
  const Client who = client();
  if (!who.may_relay) {
    denied("relay");
    house_.doorkeeper.denied_relay();
    session_.add_mistake();
    session_.answer({554, "5.7.1", "<" + session_.candidate().mailbox.address() + ">: relaying is not for you"});
    return;
  }
  // Named twice in one message (To and Cc): that is not sending it again, which would be a confirmation.
  const std::string address = mail::folded(session_.candidate().mailbox);
  if (const auto before = refused_.find(address); before != refused_.end()) return session_.answer(before->second);
  try {
    const auto refusal = house_.gatehouse.recipient(who, session_.envelope().from, session_.candidate());
    if (refusal && refused_.size() < most_remembered) refused_.emplace(address, *refusal);
    session_.answer(refusal.get());
  } catch (const std::exception& accident) {
    log::Event("alarm", log::Level::error).field("what", accident.what()).send();
    session_.answer(accident_here);
  }
}

void Visit::denied(std::string_view reason) {
  log::Event("denied", log::Level::warning).field("client", address_).field("reason", reason).send();
}

void Visit::begin_message() {
  if (!house_.budget->has_room(session_.declared_size() + 1)) return refuse(budget_spent);
  reference_ = new_reference();
  const std::string protocol =
      smtp::protocol_word(session_.extended(), session_.tls(), !session_.user().empty(), session_.envelope().smtputf8);
  const std::string tls = tls_text(stream_.tls());
  session_.begin_message(smtp::received_field({.helo = session_.helo(),
                                               .address = address_,
                                               .hostname = doorstep_->terms->hostname,
                                               .protocol = protocol,
                                               .tls = tls,
                                               .id = reference_,
                                               .at = now()}));
}

/// What a stranger is refused is not worth a note: nobody will ask after it.
void Visit::refuse(smtp::Reply reply) {
  if (reference_.empty()) reference_ = new_reference();
  if (const Client who = client(); who.may_relay) {
    house_.gatehouse.refused(who, session_.envelope(), reply);
    reply.text += " [" + reference_ + "]";
  }
  reference_.clear();
  session_.answer(reply);
}

/// Keeps what the message takes within the budget of all.
void Visit::account() {
  const std::size_t memory = session_.message_memory();
  if (memory < 64 || share_.hold(memory)) return;
  session_.discard_message(budget_spent);
  share_.release();
}

net::Task<void> Visit::deliver() {
  co_await flush();
  const Client who = client();
  const smtp::Reply reply = co_await net::called_back<smtp::Reply>([&](std::function<void(smtp::Reply)> done) {
    house_.gatehouse.message(who, session_.take_envelope(), session_.take_message(), std::move(done));
  });
  share_.release();
  reference_.clear();
  session_.answer(reply);
}

net::Task<void> Visit::authenticate() {
  co_await flush();
  smtp::Credentials credentials = session_.take_credentials();
  const std::string name = credentials.name;
  const auto verdict = co_await net::called_back<smtp::AuthVerdict>([&](std::function<void(smtp::AuthVerdict)> done) {
    house_.gatehouse.authenticate(client(), std::move(credentials), std::move(done));
  });
  if (verdict == smtp::AuthVerdict::rejected) {
    denied("auth");
    co_await net::pause(house_.doorkeeper.failed(address_, Doorkeeper::Clock::now()));
  }
  session_.authenticated(verdict, name);
}

net::Task<void> Visit::start_tls() {
  co_await flush();
  stream_.set_limit(house_.patience.handshake);
  co_await stream_.start_tls(doorstep_->tls);
  stream_.set_limit(house_.patience.idle);
  session_.tls_started();
}

}  // namespace zegel::receive
