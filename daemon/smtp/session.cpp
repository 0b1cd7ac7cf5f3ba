#include "smtp/session.h"

#include <algorithm>
#include <charconv>

#include "core/text.h"

namespace zegel::smtp {

/// One row for each command: at which stages it is legal, what is said elsewhere, who does it.
struct Session::Row {
  Verb verb;
  unsigned stages;
  const char* elsewhere;
  Step (Session::*act)(std::string_view);
};

namespace {

template <class... S>
constexpr unsigned at(S... stage) {
  return ((1U << static_cast<unsigned>(stage)) | ...);
}

}  // namespace

constexpr unsigned anywhere = ~0U;

// clang-format off
const Session::Row Session::table[] = {
  {Verb::ehlo,           anywhere,                      "",                                &Session::ehlo},
  {Verb::helo,           anywhere,                      "",                                &Session::helo},
  {Verb::mail,           at(Stage::ready),              "a transaction is open already",   &Session::mail},
  {Verb::rcpt,           at(Stage::mail, Stage::rcpt),  "need MAIL first",                 &Session::rcpt},
  {Verb::data,           at(Stage::rcpt),               "need a valid recipient first",    &Session::data},
  {Verb::rset,           anywhere,                      "",                                &Session::rset},
  {Verb::noop,           anywhere,                      "",                                &Session::noop},
  {Verb::help,           anywhere,                      "",                                &Session::help},
  {Verb::quit,           anywhere,                      "",                                &Session::quit},
  {Verb::starttls,       at(Stage::ready),              "not amid a transaction",          &Session::starttls},
  {Verb::auth,           at(Stage::ready),              "not amid a transaction",          &Session::auth},
  {Verb::bdat,           anywhere,                      "",                                &Session::bdat},
  {Verb::vrfy,           anywhere,                      "",                                &Session::not_offered},
  {Verb::expn,           anywhere,                      "",                                &Session::not_offered},
  {Verb::other_protocol, anywhere,                      "",                                &Session::other_protocol},
  {Verb::unknown,        anywhere,                      "",                                &Session::unknown},
};
// clang-format on

Session::Session(std::shared_ptr<const Terms> terms, bool tls) : terms_(std::move(terms)), tls_(tls) {
  output_ = Reply{220, "", terms_->hostname + " ESMTP Zegel"}.wire();
}

std::string Session::take_output() { return std::exchange(output_, {}); }

Step Session::next(std::string_view& input) {
  while (waiting_ == Step::read) {
    if (stage_ == Stage::data) {
      waiting_ = read_message(input);
      if (stage_ == Stage::data && waiting_ == Step::read) break;
    } else if (stage_ == Stage::chunk) {
      waiting_ = read_chunk(input);
      if (stage_ == Stage::chunk) break;
    } else {
      const auto one = take_line(input);
      if (!one) break;
      waiting_ = line(*one);
    }
  }
  return waiting_;
}

/// The next line without its CRLF; only CRLF ends a line. Nothing: more is needed.
std::optional<std::string_view> Session::take_line(std::string_view& input) {
  if (skipping_) {
    skip_line(input);
    if (skipping_) return std::nullopt;
    const bool amid_auth = stage_ > Stage::data;
    say_mistake({500, amid_auth ? "5.5.6" : "5.5.2", "line too long"});
    if (amid_auth && stage_ != Stage::over) stage_ = Stage::ready;  // the exchange ends there (RFC 4954 4)
    if (waiting_ != Step::read) return std::nullopt;
  }
  const std::size_t end = input.find("\r\n");
  const std::size_t limit = stage_ > Stage::data ? longest_auth_line : longest_line(input.substr(0, 8));
  const bool half_ended = end == std::string_view::npos && input.ends_with('\r');
  if (std::min(end, input.size()) + (half_ended ? 1 : 2) > limit) {
    skipping_ = true;
    skipped_cr_ = false;
    return take_line(input);
  }
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view line = input.substr(0, end);
  input.remove_prefix(end + 2);
  return line;
}

void Session::skip_line(std::string_view& input) {
  if (skipped_cr_ && input.starts_with('\n')) {
    input.remove_prefix(1);
    skipping_ = false;
    return;
  }
  const std::size_t end = input.find("\r\n");
  skipping_ = end == std::string_view::npos;
  skipped_cr_ = skipping_ && (input.empty() ? skipped_cr_ : input.ends_with('\r'));
  input.remove_prefix(skipping_ ? input.size() : end + 2);
}

Step Session::line(std::string_view line) {
  constexpr std::string_view controls("\0\r\n", 3);
  if (line.find_first_of(controls) != std::string_view::npos) {
    if (stage_ > Stage::data) stage_ = Stage::ready;
    return say_mistake({500, "5.5.2", "bare CR, LF or NUL in a command; lines end in CR LF"});
  }
  return stage_ > Stage::data ? auth_line(line) : command(parse_command(line));
}

/// Naming recipients leads to a message; a client that knows no limit may name many more than are taken, and must be
/// able to send the rest later (RFC 5321 4.5.3.1.10).
bool Session::leads_on(const Command& command) {
  return command.verb == Verb::rcpt && ++asked_recipients_ <= terms_->recipients + terms_->overshoot;
}

Step Session::command(const Command& command) {
  if (!leads_on(command) && ++idle_ > terms_->idle_commands) {
    hang_up({421, "4.7.0", terms_->hostname + " too many commands without a message"});
    return Step::close;
  }
  const Row& row = *std::ranges::find(table, command.verb, &Row::verb);
  const bool needs_tls = terms_->require_tls && !tls_;
  if (needs_tls && (row.stages != anywhere) && row.verb != Verb::starttls) {
    return say_mistake({530, "5.7.0", "must issue a STARTTLS command first"});
  }
  if ((row.stages & at(stage_)) == 0) {
    return say_mistake({503, "5.5.1", stage_ == Stage::start ? "say EHLO first" : row.elsewhere});
  }
  return (this->*row.act)(command.argument);
}

Step Session::say(const Reply& reply) {
  output_ += reply.wire();
  return Step::read;
}

Step Session::say_mistake(const Reply& reply) {
  if (++mistakes_ < terms_->errors) return say(reply);
  say(reply);
  hang_up({421, "4.7.0", terms_->hostname + " too many errors"});
  return Step::close;
}

void Session::hang_up(const Reply& reply) {
  say(reply);
  reset();
  stage_ = Stage::over;
  waiting_ = Step::close;
}

void Session::reset() {
  envelope_ = {};
  candidate_ = {};
  std::string().swap(message_);
  dots_.reset();
  verdict_.reset();
  declared_size_ = 0;
  asked_recipients_ = 0;
  if (stage_ != Stage::start) stage_ = Stage::ready;
}

namespace {

/// A domain or an address literal, leniently (RFC 5321 4.1.4: not to be refused for being wrong), but nothing that
/// could say something else in a Received field.
bool is_sound_name(std::string_view name) {
  constexpr std::string_view marks = "-._:[]";
  return !name.empty() && name.size() <= 255 &&
         std::ranges::all_of(name, [&](char c) { return text::is_alnum(c) || marks.contains(c); });
}

}  // namespace

Step Session::greet(std::string_view name, bool extended, std::string_view offers) {
  if (!is_sound_name(name)) return say_mistake({501, "5.5.4", "name yourself by a domain or an address literal"});
  stage_ = Stage::ready;
  reset();
  helo_ = name;
  extended_ = extended;
  return say({250, "", terms_->hostname + std::string(offers)});
}

Step Session::ehlo(std::string_view name) {
  std::string offers =
      "\nSIZE " + std::to_string(terms_->message_size) + "\nPIPELINING\n8BITMIME\nSMTPUTF8\nENHANCEDSTATUSCODES\nDSN";
  if (terms_->tls && !tls_) offers += "\nSTARTTLS";
  if (terms_->auth && tls_) offers += "\nAUTH PLAIN LOGIN";
  return greet(name, true, offers);
}

Step Session::helo(std::string_view name) { return greet(name, false, ""); }

Step Session::rset(std::string_view argument) {
  if (!argument.empty()) return say_mistake({501, "5.5.4", "RSET takes no argument"});
  reset();
  return say({250, "2.0.0", "OK"});
}

Step Session::noop(std::string_view) { return say({250, "2.0.0", "OK"}); }

Step Session::help(std::string_view) { return say({214, "2.0.0", "RFC 5321"}); }

Step Session::quit(std::string_view argument) {
  if (!argument.empty()) return say_mistake({501, "5.5.4", "QUIT takes no argument"});
  hang_up({221, "2.0.0", terms_->hostname + " bye"});
  return Step::close;
}

Step Session::starttls(std::string_view argument) {
  if (!argument.empty()) return say_mistake({501, "5.5.4", "STARTTLS takes no argument"});
  if (tls_) return say_mistake({503, "5.5.1", "TLS is on already"});
  if (!terms_->tls) return say_mistake({502, "5.5.1", "STARTTLS is not offered"});
  say({220, "2.0.0", "ready to start TLS"});
  return Step::start_tls;
}

/// RFC 3207 4.2: what was said in clear is forgotten.
void Session::tls_started() {
  reset();
  stage_ = Stage::start;
  helo_.clear();
  user_.clear();
  extended_ = false;
  tls_ = true;
  waiting_ = Step::read;
}

/// Not offered; but who sends it sends octets of a message behind it (RFC 3030), which must not be read as commands.
Step Session::bdat(std::string_view argument) {
  const std::string_view size = argument.substr(0, argument.find(' '));
  const auto [end, error] = std::from_chars(size.data(), size.data() + size.size(), chunk_left_);
  reset();
  say_mistake({502, "5.5.1", "BDAT is not offered"});
  if (size.empty() || error != std::errc() || end != size.data() + size.size() || chunk_left_ > terms_->message_size) {
    hang_up({421, "4.7.0", terms_->hostname + " cannot tell where that chunk ends"});
  }
  if (stage_ == Stage::over) return Step::close;
  if (chunk_left_ > 0) before_chunk_ = std::exchange(stage_, Stage::chunk);
  return Step::read;
}

Step Session::read_chunk(std::string_view& input) {
  const std::size_t octets = std::min<std::uint64_t>(chunk_left_, input.size());
  input.remove_prefix(octets);
  chunk_left_ -= octets;
  if (chunk_left_ == 0) stage_ = before_chunk_;
  return Step::read;
}

Step Session::not_offered(std::string_view) { return say_mistake({502, "5.5.1", "command not offered"}); }

Step Session::other_protocol(std::string_view) {
  hang_up({421, "4.7.0", terms_->hostname + " speaks SMTP"});
  return Step::close;
}

Step Session::unknown(std::string_view) { return say_mistake({500, "5.5.2", "command not recognised"}); }

}  // namespace zegel::smtp
