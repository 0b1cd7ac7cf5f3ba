#pragma once

#include <string_view>

#include "mail/message.h"
#include "mail/structure.h"
#include "seal/sealed.h"

namespace zegel::seal {

/// Lets a message leave as it is: a rule wrote "clear", or it is encrypted already, or a rule that locks attachments
/// found none to lock.
class ClearByRule {
 public:
  /// Bcc and X-Zegel-* fields are taken off, and `strip_tag` from the subject; every other octet stays.
  [[nodiscard]] static Sealed pass(const mail::Message&, const mail::Structure&, std::string_view strip_tag);
};

}  // namespace zegel::seal
