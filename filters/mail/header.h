#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "mail/mailbox.h"

namespace zegel::mail {

/// One header field as it stands in the message.
struct Field {
  std::string_view name;  ///< as written
  std::string_view raw;   ///< the whole field, folds and last CRLF included
  /// What follows the colon, unfolded (RFC 5322 2.2.3), blanks at the ends taken off.
  [[nodiscard]] std::string value() const;
};

/// The fields of a header block (Part::header). Views into the block: it must outlive them.
[[nodiscard]] std::vector<Field> fields(std::string_view header);

/// Every field of that name (any case), in order.
[[nodiscard]] std::vector<Field> find(std::string_view header, std::string_view name);

/// The header without the fields that `drop` names, every other octet as it was. A field goes before the others by
/// being written before the header.
[[nodiscard]] std::string without(std::string_view header, const std::function<bool(const Field&)>& drop);

/// The header with `field` (`Name: value` CRLF) in the place of each field of that name, every other octet as it was.
[[nodiscard]] std::string replaced(std::string_view header, std::string_view name, std::string_view field);

/// The fields that stay outside a seal, in their order: From, Sender, To, Cc, Reply-To, Date, Message-ID, In-Reply-To,
/// References, Subject, Auto-Submitted, List-*, and the trace (Received). Bcc, X-Zegel-* and all else are left out.
[[nodiscard]] std::string outer_fields(std::string_view header);

/// One entry of an address header.
struct Address {
  std::string name;  ///< display name, RFC 2047 decoded to UTF-8
  Mailbox mailbox;
};

/// Parses From, To, Cc, … (RFC 5322 3.4: groups, comments, quoting, obsolete routes refused), bounded.
/// Error: what is not an address, and where.
[[nodiscard]] Result<std::vector<Address>> parse_addresses(std::string_view value);

/// RFC 2047 encoded words to UTF-8; what cannot be decoded stays as it is.
[[nodiscard]] std::string decode_words(std::string_view value);

}  // namespace zegel::mail
