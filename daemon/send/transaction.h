#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "mail/envelope.h"
#include "send/capabilities.h"
#include "send/outcome.h"
#include "send/step.h"
#include "smtp/reply.h"

namespace zegel::send {

/// What a transaction must know of a copy.
struct Letter {
  std::optional<mail::Mailbox> from;
  std::string envelope_id = {};
  std::vector<mail::Recipient> recipients;
  std::uint64_t size = 0;
  bool eight_bit = false;    ///< content has octets above 127
  bool utf8_header = false;  ///< header has them: needs SMTPUTF8 (RFC 6531)

  /// Whether the addresses or the header can only go under SMTPUTF8.
  [[nodiscard]] bool needs_utf8() const;
};

/// One copy over one line, without I/O: MAIL, RCPT for each, DATA, the message; in one group where the next hop
/// pipelines. Every recipient gets one outcome, come what may.
class Transaction {
 public:
  Transaction(Letter, const Capabilities&);

  /// `done` at once when this next hop cannot take the letter at all.
  [[nodiscard]] Step begin();
  [[nodiscard]] Step heard(const smtp::Reply&);
  /// The line broke, or the next hop no longer speaks SMTP: whoever has no outcome yet is tried again.
  void broken(const std::string& why);

  /// The next hop said 421, or something so odd that nothing may follow on this line.
  [[nodiscard]] bool line_is_over() const { return line_is_over_; }
  /// The next hop answered (with more than a goodbye): it saw this copy.
  [[nodiscard]] bool answered() const { return answered_; }
  /// The next hop said 421.
  [[nodiscard]] bool was_dismissed() const { return dismissed_; }
  /// Complete once `done`, or after `broken`.
  [[nodiscard]] const std::vector<Outcome>& outcomes() const { return outcomes_; }

 private:
  enum class Awaited { mail, rcpt, data, message, nothing_sent };

  [[nodiscard]] std::string mail_command() const;
  [[nodiscard]] std::string rcpt_command(const mail::Recipient&) const;
  Step say_next();
  Step after(Awaited, const smtp::Reply&);
  void after_mail(const smtp::Reply&);
  void after_rcpt(const smtp::Reply&);
  Step after_data(const smtp::Reply&);
  Step wait_or_go_on();
  Step forget_this_one();
  Step refuse_all(const std::string& status, const std::string& why);
  void settle(std::size_t recipient, const smtp::Reply&);
  void settle_rest(const smtp::Reply&);
  [[nodiscard]] bool anyone_left() const;

  Letter letter_;
  Capabilities offered_;
  std::deque<Awaited> awaited_;
  std::size_t next_rcpt_ = 0;       ///< whose RCPT is said next, without pipelining
  std::size_t answered_rcpts_ = 0;  ///< whose RCPT is answered next
  std::vector<bool> settled_;
  std::vector<Outcome> outcomes_;
  bool mail_refused_ = false;
  bool answered_ = false;
  bool line_is_over_ = false;
  bool dismissed_ = false;
};

}  // namespace zegel::send
