#include "mail/protection.h"

#include <algorithm>

#include "core/text.h"
#include "mail/content.h"
#include "mail/transfer.h"

namespace zegel::mail {

namespace {

/// Nothing but `Version: 1` (RFC 3156 4).
bool is_version_part(const Message& message, const Part& part) {
  if (!part.is("application", "pgp-encrypted")) return false;
  const auto body = decode(message, part);
  return body && text::equal_folded(text::trim(*body), "Version: 1");
}

bool is_armour_header(std::string_view line) { return line.empty() || line.contains(": "); }

/// The next line, without its end and blanks.
std::string_view take_line(std::string_view& rest) {
  const std::size_t lf = std::min(rest.find('\n'), rest.size());
  const std::string_view line = text::trim(rest.substr(0, lf));
  rest.remove_prefix(std::min(lf + 1, rest.size()));
  return line;
}

}  // namespace

std::optional<std::string> dearmored_message(std::string_view text) {
  std::string_view rest = text::trim(text);
  if (take_line(rest) != "-----BEGIN PGP MESSAGE-----") return std::nullopt;
  for (std::string_view line = take_line(rest); !line.empty(); line = take_line(rest)) {
    if (!is_armour_header(line)) return std::nullopt;
  }
  constexpr std::string_view end = "-----END PGP MESSAGE-----";
  if (!rest.ends_with(end)) return std::nullopt;
  rest = text::trim(rest.substr(0, rest.size() - end.size()));
  const std::size_t last = rest.rfind('\n');
  if (last != std::string_view::npos && rest.substr(last + 1).starts_with('=')) rest = rest.substr(0, last);  // CRC
  auto bytes = decode_base64(rest);
  if (!bytes) return std::nullopt;
  return std::move(*bytes);
}

bool is_pgp_mime_encrypted(const Message& message, const Structure& structure) {
  const Part& root = structure.root();
  if (!structure.sound() || !root.is("multipart", "encrypted") || root.children.size() != 2) return false;
  if (!text::equal_folded(root.parameter("protocol"), "application/pgp-encrypted")) return false;
  const Part& version = structure.parts()[root.children[0]];
  const Part& data = structure.parts()[root.children[1]];
  if (!is_version_part(message, version) || !data.is("application", "octet-stream")) return false;
  const auto body = decode(message, data);
  if (!body) return false;
  if (const auto packets = dearmored_message(*body)) return is_encrypted_packets(*packets);
  return is_encrypted_packets(*body);
}

std::optional<std::string> pkcs7_mime_bytes(const Message& message, const Structure& structure) {
  const Part& root = structure.root();
  const bool pkcs7 = root.is("application", "pkcs7-mime") || root.is("application", "x-pkcs7-mime");
  if (!structure.sound() || !pkcs7) return std::nullopt;
  auto bytes = decode(message, root);
  if (!bytes) return std::nullopt;
  return std::move(*bytes);
}

bool is_multipart_signed(const Part& part, const Structure& structure) {
  if (!part.is("multipart", "signed") || part.children.size() != 2) return false;
  const Part& signature = structure.parts()[part.children[1]];
  const std::string type = signature.type + "/" + signature.subtype;
  return text::equal_folded(part.parameter("protocol"), type);
}

}  // namespace zegel::mail
