#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/secret.h"
#include "core/terms.h"
#include "send/capabilities.h"
#include "send/step.h"
#include "send/tls_policy.h"
#include "smtp/reply.h"

namespace zegel::send {

/// Name and password at the next hop. Shared, read-only.
struct Login {
  std::string user;
  Secret password;
};

/// What a line must become before mail goes over it.
struct Wish {
  std::string hostname;  ///< ours, for EHLO
  Tls tls = Tls::verified;
  bool implicit_tls = false;     ///< port 465 (RFC 8314): TLS is up before the greeting
  bool tls_failed = false;       ///< this host's handshake failed a moment ago, and the policy allowed to come back
  const Login* login = nullptr;  ///< must outlive the opening
};

/// The first words with a next hop, without I/O: greeting, EHLO, STARTTLS, EHLO again, AUTH. Every doubt ends in
/// `failure`, which defers: what goes wrong here is about the line, never about a message.
class Opening {
 public:
  explicit Opening(Wish);

  [[nodiscard]] Step begin();
  [[nodiscard]] Step heard(const smtp::Reply&);
  [[nodiscard]] Step secured(Security);

  /// After `done`: nothing, or why the line cannot be used, in one line.
  [[nodiscard]] const std::optional<std::string>& failure() const { return failure_; }
  [[nodiscard]] const Capabilities& offered() const { return offered_; }
  [[nodiscard]] const Security& security() const { return security_; }
  [[nodiscard]] bool lacks_extensions() const { return plain_smtp_; }

 private:
  enum class State { greeting, ehlo, helo, start_tls, handshake, auth_plain, auth_user, auth_password, ready };

  Step fail(std::string why);
  Step ready();
  Step hello();
  Step after_ehlo(const smtp::Reply&);
  Step after_helo(const smtp::Reply&);
  Step after_features();
  Step log_in();
  Step after_login(const smtp::Reply&);

  Wish wish_;
  State state_ = State::greeting;
  Capabilities offered_;
  Security security_;
  std::optional<std::string> failure_;
  bool plain_smtp_ = false;
};

}  // namespace zegel::send
