#include "send/seven_bit.h"

#include <algorithm>
#include <vector>

#include "core/base64.h"
#include "core/text.h"
#include "mail/header.h"
#include "mail/structure.h"
#include "mail/transfer.h"
#include "send/stuffing.h"

namespace zegel::send {

namespace {

using mail::Message;
using mail::Part;
using mail::Structure;

constexpr std::string_view encoding_field = "Content-Transfer-Encoding";

bool is_signed(const Structure& structure, const Part& part) {
  for (std::uint32_t at = part.parent; at != Part::none; at = structure.parts()[at].parent) {
    if (structure.parts()[at].is("multipart", "signed")) return true;
  }
  return false;
}

/// RFC 2046 5.2.1: a message within is never encoded itself; a leaf that lies about its encoding is left alone.
bool may_be_encoded(const Structure& structure, const Part& part) {
  const bool raw = part.encoding == mail::Encoding::bit7 || part.encoding == mail::Encoding::bit8 ||
                   part.encoding == mail::Encoding::binary;
  return raw && part.type != "message" && !is_signed(structure, part);
}

/// The header with another transfer encoding, or with none (7bit).
std::string with_encoding(std::string_view header, std::string_view encoding) {
  std::string changed =
      mail::without(header, [](const mail::Field& field) { return text::equal_folded(field.name, encoding_field); });
  if (!encoding.empty()) changed += std::string(encoding_field) + ": " + std::string(encoding) + "\r\n";
  return changed;
}

/// Octets of the message to be replaced.
struct Change {
  mail::Range range;
  std::string by;
};

/// Multiparts that claim 8bit no longer hold it.
void add_multipart(std::vector<Change>& changes, const Message& message, const Structure& structure, const Part& part) {
  if (part.encoding == mail::Encoding::bit7 || is_signed(structure, part)) return;
  changes.push_back({part.header, with_encoding(message.slice(part.header), "")});
}

void add_leaf(std::vector<Change>& changes, const Message& message, const Part& part) {
  const std::string_view body = message.slice(part.body);
  const bool words = part.type == "text";
  changes.push_back({part.header, with_encoding(message.slice(part.header), words ? "quoted-printable" : "base64")});
  changes.push_back({part.body, words ? mail::encode_quoted_printable(body) : base64::encode_lines(body)});
}

std::string apply(const Message& message, std::vector<Change> changes) {
  std::ranges::sort(changes, {}, [](const Change& change) { return change.range.begin; });
  std::string out;
  std::size_t at = 0;
  for (const auto& change : changes) {
    out += message.slice({at, change.range.begin});
    out += change.by;
    at = change.range.end;
  }
  return out + std::string(message.slice({at, message.size()}));
}

}  // namespace

std::optional<std::string> to_seven_bit(std::string_view bytes) {
  const Message message{std::string(bytes)};
  const Structure structure = mail::scan(message);
  if (!structure.sound() || mail::find(message.slice(structure.root().header), "MIME-Version").empty()) {
    return std::nullopt;
  }
  std::vector<Change> changes;
  for (const Part& part : structure.parts()) {
    if (part.is_multipart()) {
      add_multipart(changes, message, structure, part);
    } else if (part.children.empty() && is_eight_bit(message.slice(part.body))) {
      if (!may_be_encoded(structure, part)) return std::nullopt;
      add_leaf(changes, message, part);
    }
  }
  std::string changed = apply(message, std::move(changes));
  if (is_eight_bit(changed)) return std::nullopt;
  return changed;
}

}  // namespace zegel::send
