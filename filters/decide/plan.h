#pragma once

#include <string>
#include <variant>
#include <vector>

#include "core/terms.h"
#include "mail/envelope.h"

namespace zegel::decide {

/// How one recipient's copy is to be made.
struct Send {
  Method method = Method::smime;
  /// Fingerprints to encrypt to; empty for zip and clear.
  std::vector<std::string> keys = {};
  bool already_sealed = false;  ///< the message is really encrypted already: it passes byte for byte
  /// zip-attachments of a message without attachments, or whose attachments all go beside the zip: it leaves readable,
  /// as that method says, and nothing may pretend that it is protected.
  bool nothing_to_lock = false;
  bool sign = false;
  bool hide_subject = false;
  Cipher cipher = Cipher::aes256_cbc;
  PasswordMode password = PasswordMode::per_message;
  Locked locked = Locked::inside;  ///< zip-attachments: where attachments go that are locked already
  Language language = Language::nl;
  Tls tls = Tls::verified;
  std::string strip_tag = {};  ///< taken off the subject, e.g. "[veilig]"
};

/// Waits for a person.
struct Hold {
  std::string why;
};

/// `say` is the text after the status code and the address, ASCII: "no way to seal for this recipient: …".
struct Refuse {
  std::string say;
  std::string why;
  /// A rung was closed because the message is ambiguous: two readers could see two messages.
  bool ambiguous = false;
  /// Nobody could look for a key of the recipient, and the rungs below are not for those who have one: try again.
  bool temporary = false;
};

/// One rung of the ladder that was tried.
struct Rung {
  Method method = Method::smime;
  bool taken = false;
  std::string why;  ///< the key used, or why it could not be done
};

/// What happens to one recipient, and why.
struct Decision {
  mail::Recipient recipient;
  std::variant<Send, Hold, Refuse> what;
  /// Where it was written that it goes this way: the rule that won, the tag when one chose the methods, or
  /// protect.methods. `zegel.toml:41`, or `default`.
  std::string rule;
  /// Why that one, in words: `to klant.nl, from *`. explain_choice says more.
  std::string choice = {};
  std::vector<Rung> ladder;
};

/// What happens to a message: one decision per recipient, in the envelope's order.
struct Plan {
  std::vector<Decision> decisions;

  /// The first refusal, or null: one refused recipient refuses the message.
  [[nodiscard]] const Decision* refused() const;
  /// Whether any recipient must wait for a person; then the whole message waits.
  [[nodiscard]] const Decision* held() const;
};

}  // namespace zegel::decide
