#pragma once

#include <string>
#include <string_view>

#include "core/result.h"
#include "core/secret.h"
#include "core/terms.h"
#include "mail/message.h"
#include "mail/structure.h"
#include "seal/cover.h"
#include "seal/sealed.h"

namespace zegel::seal {

/// Seals with a password-locked zip, which asks nothing of the recipient but a program and a phone.
class ZipSealer {
 public:
  struct Request {
    Method method = Method::zip_attachments;  ///< or zip: the body too
    Language language = Language::nl;         ///< the recipient's
    const Secret& password;
    std::string_view reference;
    std::string_view phone;                ///< office.phone, or empty
    std::string strip_tag = {};            ///< taken off the subject, inside and outside
    Locked locked = Locked::inside;        ///< zip_attachments: where files go that are locked already
    const CoverTemplate* cover = nullptr;  ///< the office's own words, in that language; null: the shipped ones
  };

  /// Whether there is nothing to lock: under zip_attachments, a message without attachments. Such a one leaves
  /// readable, as the rule says, and needs no password.
  [[nodiscard]] static bool has_nothing_to_lock(const mail::Message&, const mail::Structure&, Method);

  /// Whether every attachment is locked already (is_locked) and could go beside a zip. Not of a signed message: that
  /// goes in as a whole.
  [[nodiscard]] static bool all_locked_already(const mail::Message&, const mail::Structure&);

  /// zip_attachments: body and inline images stay octet for octet, the attachments go into one zip; no name of theirs
  /// shows outside; files that are locked already go beside it where the request says so. zip: only a cover text stays
  /// outside; the body goes in as a file with its images beside it, and the original as .eml (without Bcc). A signed
  /// message goes in as .eml too, so that its signature can still be checked. Thread-safe. Error, and nothing leaves:
  /// an unsound structure, an attachment that does not decode, libzip's reason, a zip that did not open to the same
  /// bytes.
  [[nodiscard]] static Result<Sealed> seal(const mail::Message&, const mail::Structure&, const Request&);
};

}  // namespace zegel::seal
