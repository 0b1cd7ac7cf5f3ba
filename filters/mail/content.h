#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/result.h"
#include "mail/structure.h"

namespace zegel::mail {

/// A file that a message carries.
struct Attachment {
  std::uint32_t part;  ///< index into Structure::parts()
  std::string name;    ///< safe on every system, unique in the message, UTF-8, never empty, at most 120 octets
};

/// What a person would call the message's parts.
struct Content {
  std::vector<std::uint32_t> body;     ///< plain and html alternatives, in order
  std::vector<std::uint32_t> inlined;  ///< images that the html really refers to by cid:
  std::vector<Attachment>
      attachments;  ///< everything else: calendar parts, TNEF, message/rfc822, inline PDFs, nameless parts
};

/// Sorts the leaves of a sound structure.
[[nodiscard]] Content sort_content(const Message&, const Structure&);

/// A leaf's bytes with the transfer encoding undone. Error: the encoding lies (not base64, …).
[[nodiscard]] Result<std::string> decode(const Message&, const Part&);

/// A text leaf as UTF-8 with LF ends. Error: unknown charset or malformed text.
[[nodiscard]] Result<std::string> decode_text(const Message&, const Part&);

/// What a message already is, by looking at its bytes, not at its labels.
enum class Protection { none, smime_encrypted, pgp_encrypted, signed_message };

}  // namespace zegel::mail
