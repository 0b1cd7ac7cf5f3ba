#include "send/opening.h"

#include <cassert>
#include <utility>

#include "core/base64.h"
#include "send/reply_reader.h"

namespace zegel::send {

namespace {

/// RFC 4616: no authorisation identity, the name, the password.
Secret plain_token(const Login& login) {
  const std::string_view password = login.password.reveal();
  std::string token;
  token.reserve(2 + login.user.size() + password.size());
  token.append(1, '\0').append(login.user).append(1, '\0').append(password);
  return Secret(std::move(token));
}

/// A line with a secret in it. Made without a copy left behind; whoever says it wipes it.
std::string secret_line(std::string_view before, const Secret& secret) {
  const Secret encoded(base64::encode(secret.reveal()));
  std::string line;
  line.reserve(before.size() + encoded.reveal().size() + 2);
  line.append(before).append(encoded.reveal()).append("\r\n");
  return line;
}

}  // namespace

Opening::Opening(Wish wish) : wish_(std::move(wish)) {}

Step Opening::fail(std::string why) {
  failure_ = std::move(why);
  return {.then = Step::Then::done};
}

Step Opening::ready() {
  state_ = State::ready;
  return {.then = Step::Then::done};
}

Step Opening::hello() {
  state_ = State::ehlo;
  return {.say = "EHLO " + wish_.hostname + "\r\n", .phase = Phase::hello};
}

Step Opening::begin() {
  if (!wish_.implicit_tls) return {.phase = Phase::greeting};
  state_ = State::handshake;
  return {.then = Step::Then::handshake, .phase = Phase::handshake};
}

Step Opening::heard(const smtp::Reply& reply) {
  switch (state_) {
    case State::greeting:
      return reply.code == 220 ? hello() : fail(one_line(reply));
    case State::ehlo:
      return after_ehlo(reply);
    case State::helo:
      return after_helo(reply);
    case State::start_tls:
      if (reply.code != 220) return fail("STARTTLS: " + one_line(reply));
      state_ = State::handshake;
      return {.then = Step::Then::handshake, .phase = Phase::handshake};
    case State::auth_plain:
    case State::auth_user:
    case State::auth_password:
      return after_login(reply);
    case State::handshake:
    case State::ready:
      break;
  }
  return fail("the next hop spoke out of turn");
}

Step Opening::secured(Security security) {
  assert(state_ == State::handshake);
  const bool before_greeting = wish_.implicit_tls && security_.version.empty();
  security_ = std::move(security);
  if (const auto enough = good_enough(wish_.tls, security_); !enough) return fail(enough.error().why);
  offered_ = {};  // RFC 3207 4.2: what was said in clear counts no more
  if (!before_greeting) return hello();
  state_ = State::greeting;
  return {.phase = Phase::greeting};
}

Step Opening::after_ehlo(const smtp::Reply& reply) {
  if (reply.code == 250) {
    offered_ = capabilities(reply);
    return after_features();
  }
  // A server from before 1993 knows no EHLO (RFC 5321 3.2); one that is merely busy is left in peace.
  if (reply.code < 500) return fail(one_line(reply));
  state_ = State::helo;
  return {.say = "HELO " + wish_.hostname + "\r\n", .phase = Phase::hello};
}

Step Opening::after_helo(const smtp::Reply& reply) {
  if (reply.code != 250) return fail(one_line(reply));
  plain_smtp_ = true;
  offered_ = {};
  return after_features();
}

Step Opening::after_features() {
  if (security_.version.empty()) {
    switch (start_tls(wish_.tls, offered_.start_tls, wish_.tls_failed)) {
      case Secure::now:
        state_ = State::start_tls;
        return {.say = "STARTTLS\r\n", .phase = Phase::hello};
      case Secure::defer:
        return fail("the next hop offers no STARTTLS, which the policy demands");
      case Secure::never:
        break;
    }
  }
  if (const auto enough = good_enough(wish_.tls, security_); !enough) return fail(enough.error().why);
  return wish_.login == nullptr ? ready() : log_in();
}

Step Opening::log_in() {
  if (!may_log_in(security_)) return fail("the next hop wants a password, which goes over TLS only");
  if (offered_.auth_plain) {
    state_ = State::auth_plain;
    return {.say = secret_line("AUTH PLAIN ", plain_token(*wish_.login))};
  }
  if (!offered_.auth_login) return fail("the next hop offers neither AUTH PLAIN nor AUTH LOGIN");
  state_ = State::auth_user;
  return {.say = "AUTH LOGIN\r\n"};
}

Step Opening::after_login(const smtp::Reply& reply) {
  if (reply.code == 235) return ready();
  if (reply.code == 334 && state_ == State::auth_user) {
    state_ = State::auth_password;
    return {.say = base64::encode(wish_.login->user) + "\r\n"};
  }
  if (reply.code == 334 && state_ == State::auth_password) {
    state_ = State::auth_plain;  // the last word: only 235 is right now
    return {.say = secret_line("", wish_.login->password)};
  }
  return fail("AUTH: " + one_line(reply));
}

}  // namespace zegel::send
