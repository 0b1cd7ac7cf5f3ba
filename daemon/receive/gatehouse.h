#pragma once

#include <expected>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "mail/envelope.h"
#include "mail/message.h"
#include "smtp/auth.h"
#include "smtp/reply.h"

namespace zegel::receive {

/// Who is at the door.
struct Client {
  std::string address;  ///< `127.0.0.1`, `::1`
  std::string helo;
  std::string tls;         ///< `TLSv1.3`, or empty
  std::string user;        ///< authenticated as, or empty
  bool may_relay = false;  ///< trusted network, or authenticated
  /// Of this mail transaction: the id in its Received field, and so the REF of message()'s reply and of the copies.
  std::string reference = {};
};

/// Decides what the SMTP session cannot know by itself. Implemented by the pipeline; faked in tests.
/// Each answer is a reply that the session sends as it is.
class Gatehouse {
 public:
  virtual ~Gatehouse() = default;

  /// MAIL FROM: only the office's own domains, or `<>`. Cheap, on the session's strand. Null: welcome.
  virtual std::unique_ptr<smtp::Reply> sender(const Client&, const std::optional<mail::Mailbox>& from) = 0;

  /// RCPT TO: known, near-miss, unknown. In memory, under a millisecond, on the session's strand. Null: welcome.
  virtual std::unique_ptr<smtp::Reply> recipient(const Client&, const std::optional<mail::Mailbox>& from,
                                                 const mail::Recipient&) = 0;

  /// The whole message after the final dot (dots unstuffed, CRLF ends only). Checks, decides, seals on the worker pool,
  /// stores; `done` gets the reply (250 only once durable), on any thread, exactly once. Never throws.
  virtual void message(const Client&, mail::Envelope, std::string bytes, std::function<void(smtp::Reply)> done) = 0;

  /// A transaction that the protocol's own rules refused (bare line ends, too big, too much in work): noted under
  /// client.reference, so that it can be traced. Cheap. Only for clients who may relay.
  virtual void refused(const Client&, const mail::Envelope&, const smtp::Reply&) = 0;

  /// Whether the name and password are of server.users; slow on purpose (scrypt), off the session's thread.
  virtual void authenticate(const Client&, smtp::Credentials, std::function<void(smtp::AuthVerdict)> done) = 0;
};

}  // namespace zegel::receive
