#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "mail/message.h"
#include "mail/structure.h"

namespace zegel::seal {

/// How the two layers of a sealed message divide the original's header.
struct Layering {
  std::string_view strip_tag = {};  ///< taken off the subject, in both layers
  bool hide_subject = false;        ///< RFC 9788: the real subject inside only
};

/// What goes inside a seal, octet for octet: the original's Content-* fields and body. The message must outlive it.
struct Inner {
  std::string header;  ///< its fields and the blank line
  std::string_view body;
  std::string tail = {};  ///< closes a part that had to be put around a signed message

  [[nodiscard]] std::vector<std::string_view> pieces() const { return {header, body, tail}; }
  [[nodiscard]] std::size_t size() const { return header.size() + body.size() + tail.size(); }
};

/// `hide_subject` adds the header protection of RFC 9788: the fields themselves, `hp="cipher"` and HP-Outer, without a
/// legacy display part. A message that its author signed then goes as the one part of a multipart/mixed, as the
/// parameter cannot be written into what was signed.
[[nodiscard]] Inner inner_layer(const mail::Message&, const mail::Structure&, const Layering&);

/// The same in the form that is to be signed (RFC 8551 3.1.3): 7bit, every leaf's content as it was. What cannot be
/// brought into it, an unsound structure or an 8bit part that its author signed, stays as it is: inside an encryption
/// no relay touches it.
[[nodiscard]] Inner signable(Inner);

/// The fields outside the seal: mail::outer_fields with the tag off the subject, or the subject hidden.
[[nodiscard]] std::string outer_layer(const mail::Message&, const mail::Structure&, const Layering&);

}  // namespace zegel::seal
