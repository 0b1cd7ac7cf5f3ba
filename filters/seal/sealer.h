#pragma once

#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "config/settings.h"
#include "core/result.h"
#include "core/secret.h"
#include "core/time.h"
#include "decide/decide.h"
#include "decide/plan.h"
#include "mail/envelope.h"
#include "mail/message.h"
#include "mail/structure.h"
#include "seal/covers.h"
#include "seal/sealed.h"

namespace zegel::seal {

class Keys;
class PgpEngine;

/// One message as it leaves: the sealed octets and who gets them.
struct Copy {
  Sealed message;
  std::vector<mail::Recipient> recipients;
  Method method;
  bool was_sealed_already = false;
  std::vector<std::string> keys;  ///< fingerprints it was encrypted to
  std::string rule;               ///< `zegel.toml:41`
  Tls tls = Tls::verified;
  Language language = Language::nl;
  PasswordMode password_mode = PasswordMode::per_message;
  Secret password;  ///< of a zip sealed with a new password: the sender must be told, or the command called; else empty
};

/// Why a message could not be sealed.
struct SealFailure {
  Error error;
  bool temporary = false;  ///< gpg away, disk full: 451, the office server tries again. Else 550 5.7.5.
};

/// What a sealing needs to know beside the message.
struct SealContext {
  std::string reference;
  Time now;
  std::string office_phone;  ///< for the cover text, may be empty
  std::uint32_t password_words = 6;
  /// The agreed zip password of a recipient, if any. Called on the sealing thread.
  std::function<std::optional<Secret>(const mail::Mailbox&)> agreed_password;
};

/// Facts for deciding: structure, attachments, subject, and whether it is really encrypted already (by its bytes).
/// `into_files`: decodes each attachment to see whether it is locked already.
[[nodiscard]] decide::Facts look(const mail::Message&, const mail::Structure&, bool into_files = false);

/// Carries out the Sends of a plan. Visible recipients (To, Cc) with the same method, options and password share a
/// copy; each Bcc recipient, and each recipient of a per-message zip password, gets a copy of its own. Thread-safe:
/// called by any sealing worker.
class Sealer {
 public:
  Sealer(std::shared_ptr<const Keys>, std::shared_ptr<PgpEngine>, Covers = {});
  ~Sealer();

  /// All copies or none: a failure for one recipient is a failure for the message. The plan must hold only Sends.
  [[nodiscard]] std::expected<std::vector<Copy>, SealFailure> seal(const decide::Plan&, const mail::Message&,
                                                                   const mail::Structure&, const mail::Envelope&,
                                                                   const SealContext&) const;

 private:
  std::shared_ptr<const Keys> keys_;
  std::shared_ptr<PgpEngine> pgp_;
  Covers covers_;
};

}  // namespace zegel::seal
