#include "core/text.h"
#include "smtp/session.h"

// AUTH PLAIN and LOGIN (RFC 4954), under TLS only.
namespace zegel::smtp {
namespace {

constexpr std::uint32_t mistakes_per_failure = 5;

const Reply malformed{501, "5.5.2", "malformed response"};

}  // namespace

Step Session::auth(std::string_view argument) {
  if (!terms_->auth) return say_mistake({502, "5.5.1", "AUTH is not offered"});
  if (!tls_) return say_mistake({538, "5.7.11", "AUTH is offered under TLS only"});
  if (!user_.empty()) return say_mistake({503, "5.5.1", "authenticated already"});
  const std::size_t blank = std::min(argument.find(' '), argument.size());
  const std::string_view mechanism = argument.substr(0, blank);
  std::string_view initial = text::trim(argument.substr(blank));
  const bool has_initial = !initial.empty();
  if (initial == "=") initial = {};  // RFC 4954 4: an empty response
  if (text::equal_folded(mechanism, "PLAIN")) {
    if (has_initial) return plain_response(initial);
    stage_ = Stage::auth_plain;
    return say({334, "", ""});
  }
  if (text::equal_folded(mechanism, "LOGIN")) {
    if (has_initial) return login_name(initial);
    stage_ = Stage::auth_name;
    return say({334, "", std::string(login_name_prompt)});
  }
  return say_mistake({504, "5.5.4", "mechanism not offered"});
}

Step Session::auth_line(std::string_view line) {
  const Stage stage = std::exchange(stage_, Stage::ready);
  if (line == "*") return say_mistake({501, "5.7.0", "authentication cancelled"});
  if (stage == Stage::auth_plain) return plain_response(line);
  return stage == Stage::auth_name ? login_name(line) : login_password(line);
}

Step Session::plain_response(std::string_view base64) {
  auto credentials = decode_plain(base64);
  if (!credentials) return say_mistake(malformed);
  credentials_ = std::move(*credentials);
  return Step::authenticate;
}

Step Session::login_name(std::string_view base64) {
  auto name = decode_login(base64);
  if (!name) return say_mistake(malformed);
  credentials_ = {std::move(*name), Secret()};
  stage_ = Stage::auth_password;
  return say({334, "", std::string(login_password_prompt)});
}

Step Session::login_password(std::string_view base64) {
  auto password = decode_login(base64);
  if (!password) return say_mistake(malformed);
  credentials_.password = Secret(std::move(*password));
  return Step::authenticate;
}

void Session::authenticated(AuthVerdict verdict, std::string name) {
  waiting_ = Step::read;
  credentials_ = {};
  switch (verdict) {
    case AuthVerdict::accepted:
      user_ = std::move(name);
      say({235, "2.7.0", "authenticated"});
      return;
    case AuthVerdict::rejected:
      mistakes_ += mistakes_per_failure;
      say({535, "5.7.8", "name or password wrong"});
      break;
    case AuthVerdict::unavailable:
      ++mistakes_;
      say({454, "4.7.0", "passwords cannot be checked just now, try again later"});
      break;
  }
  if (mistakes_ >= terms_->errors) hang_up({421, "4.7.0", terms_->hostname + " too many errors"});
}

}  // namespace zegel::smtp
