#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "mail/envelope.h"
#include "smtp/auth.h"
#include "smtp/command.h"
#include "smtp/dot_reader.h"
#include "smtp/reply.h"

namespace zegel::smtp {

/// What a server says of itself and allows. One for all sessions.
struct Terms {
  std::string hostname;
  std::string postmaster_domain;  ///< where `RCPT TO:<postmaster>` belongs; empty: refused
  std::uint64_t message_size = 50ULL << 20;
  std::uint32_t recipients = 100;
  bool tls = false;  ///< STARTTLS can be had
  bool require_tls = false;
  bool auth = false;                   ///< there are users
  std::uint32_t errors = 20;           ///< that many mistakes since the last message taken end the session
  std::uint32_t idle_commands = 200;   ///< so do that many commands without a message, recipients apart
  std::uint32_t overshoot = 1'000;     ///< so many recipients beyond the limit are refused and suffered
  std::uint32_t received_fields = 50;  ///< more of them: a loop
};

/// What the session needs of the one who carries it, before it can go on.
enum class Step : std::uint8_t {
  read,           ///< more octets of the client: call next() again with them
  sender,         ///< is envelope().from welcome? answer()
  recipient,      ///< is candidate() welcome? answer()
  begin_message,  ///< may a message come in? begin_message(), or answer() with why not
  deliver,        ///< take_envelope() and take_message() are complete: answer() with the verdict
  refuse,         ///< a rule of the protocol forbids this transaction: refusal() says which; note it and answer() so
  authenticate,   ///< take_credentials(), then authenticated()
  start_tls,      ///< send the output, shake hands, then tls_started()
  close           ///< send the output and close
};

/// The server's side of SMTP without I/O (RFC 5321): octets in, steps and replies out. A table says which command is
/// legal at which stage. Bounded: besides the message it keeps the envelope and nothing of what it has read.
class Session {
 public:
  /// `tls`: TLS is up already (implicit TLS). The output begins with the greeting.
  Session(std::shared_ptr<const Terms> terms, bool tls);

  /// Takes octets from the front of `input` until something is needed. With Step::read `input` may hold the begin of a
  /// line, which must be there again, with more, in the next call.
  Step next(std::string_view& input);

  /// Replies to send, in order; emptied by the call. To be sent before waiting for the client.
  [[nodiscard]] std::string take_output();
  [[nodiscard]] bool has_output() const { return !output_.empty(); }

  /// Sender, recipient: null is a welcome, else the refusal. begin_message: the refusal. deliver: the verdict.
  void answer(const Reply* refusal);
  void answer(const Reply& reply) { answer(&reply); }
  /// Goes on with the message. `head` is what is put before it (the Received field).
  void begin_message(std::string head);
  /// `name`: as whom, when accepted.
  void authenticated(AuthVerdict, std::string name);
  void tls_started();

  /// The client did what only a stranger does (asked to relay): counts as a mistake.
  void add_mistake() { ++mistakes_; }
  /// Amid a message: keep nothing more of it, and answer `reply` at its end.
  void discard_message(Reply reply);
  /// Says `reply` and ends; next() will be Step::close.
  void hang_up(const Reply& reply);

  [[nodiscard]] const mail::Envelope& envelope() const { return envelope_; }
  [[nodiscard]] const mail::Recipient& candidate() const { return candidate_; }
  /// With Step::refuse only.
  [[nodiscard]] const Reply& refusal() const { return *verdict_; }
  [[nodiscard]] mail::Envelope take_envelope() { return std::move(envelope_); }
  [[nodiscard]] std::string take_message() { return std::move(message_); }
  [[nodiscard]] Credentials take_credentials() { return std::move(credentials_); }
  /// SIZE= of MAIL, or 0.
  [[nodiscard]] std::uint64_t declared_size() const { return declared_size_; }
  /// Memory that the message takes by now.
  [[nodiscard]] std::size_t message_memory() const { return message_.capacity(); }
  [[nodiscard]] bool in_message() const { return stage_ == Stage::data; }

  [[nodiscard]] const std::string& helo() const { return helo_; }
  [[nodiscard]] const std::string& user() const { return user_; }
  [[nodiscard]] bool extended() const { return extended_; }
  [[nodiscard]] bool tls() const { return tls_; }

 private:
  enum class Stage : std::uint8_t { start, ready, mail, rcpt, data, auth_plain, auth_name, auth_password, chunk, over };
  struct Row;
  static const Row table[];

  // session.cpp: lines and the table
  std::optional<std::string_view> take_line(std::string_view& input);
  void skip_line(std::string_view& input);
  Step line(std::string_view line);
  Step command(const Command&);
  [[nodiscard]] bool leads_on(const Command&);
  Step say(const Reply&);
  Step say_mistake(const Reply&);
  Step refuse(Reply);
  void reset();
  Step ehlo(std::string_view);
  Step helo(std::string_view);
  Step greet(std::string_view name, bool extended, std::string_view offers);
  Step rset(std::string_view);
  Step noop(std::string_view);
  Step help(std::string_view);
  Step quit(std::string_view);
  Step starttls(std::string_view);
  Step bdat(std::string_view);
  Step not_offered(std::string_view);
  Step other_protocol(std::string_view);
  Step unknown(std::string_view);
  Step read_chunk(std::string_view& input);
  // session_mail.cpp: the transaction
  Step mail(std::string_view);
  Step rcpt(std::string_view);
  Step data(std::string_view);
  Step read_message(std::string_view& input);
  Step end_message();
  std::optional<Reply> fault_reply() const;
  // session_auth.cpp
  Step auth(std::string_view);
  Step auth_line(std::string_view line);
  Step plain_response(std::string_view base64);
  Step login_name(std::string_view base64);
  Step login_password(std::string_view base64);

  std::shared_ptr<const Terms> terms_;
  std::string output_;
  mail::Envelope envelope_;
  mail::Recipient candidate_;
  std::string message_;
  std::optional<DotReader> dots_;
  std::size_t head_ = 0;          ///< octets of message_ that are ours
  std::optional<Reply> verdict_;  ///< of a message that is discarded, or a transaction that is refused
  Credentials credentials_;
  std::string helo_, user_;
  std::uint64_t declared_size_ = 0;
  std::uint64_t chunk_left_ = 0;
  std::uint32_t mistakes_ = 0;
  std::uint32_t idle_ = 0;
  std::uint32_t asked_recipients_ = 0;  ///< RCPT commands of this transaction
  Step waiting_ = Step::read;
  Stage stage_ = Stage::start;
  Stage before_chunk_ = Stage::start;
  bool tls_, extended_ = false;
  bool skipping_ = false;  ///< amid a line that is too long
  bool skipped_cr_ = false;
};

}  // namespace zegel::smtp
