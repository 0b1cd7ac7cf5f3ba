#pragma once

#include <optional>

#include "mail/compose.h"
#include "mail/content.h"
#include "mail/message.h"
#include "mail/structure.h"

namespace zegel::seal {

/// What stays readable under zip-attachments: the body with the images that its html refers to, or nothing when there
/// is neither. Parts are sliced octet for octet; a multipart is made anew where something was taken out of it; fields
/// that could name a file (name=, filename=, Content-Description, Content-Location) do not come along, nor does a
/// preamble. 7bit: 8bit parts are put into
/// base64. The structure must be sound.
[[nodiscard]] std::optional<mail::Entity> kept_body(const mail::Message&, const mail::Structure&, const mail::Content&);

}  // namespace zegel::seal
