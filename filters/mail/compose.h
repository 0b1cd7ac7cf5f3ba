#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// New MIME entities. The one place that knows mimetic. What comes out is 7bit, CRLF, lines of at most 76 (base64,
/// text) or 998 octets (sliced originals), boundaries from the system's random numbers.
namespace zegel::mail {

/// A MIME entity under construction: its Content-* header fields and its body, ready to be sent.
class Entity {
 public:
  /// Text with LF or CRLF ends, UTF-8: 7bit where it can be, else quoted-printable.
  [[nodiscard]] static Entity text(std::string_view utf8, std::string_view subtype = "plain");
  /// A file: base64, Content-Disposition: attachment, the name per RFC 2231 with a plain fallback, at most
  /// 500 octets of it.
  [[nodiscard]] static Entity file(std::string_view type, std::string_view name, std::string_view bytes);
  /// Exact octets of an entity cut out of a message: header fields (each with its CRLF), blank line, body.
  [[nodiscard]] static Entity sliced(std::string bytes);
  /// `type` with its parameters in order, e.g. {"multipart/encrypted", {{"protocol", "application/pgp-encrypted"}}, …}.
  [[nodiscard]] static Entity multipart(std::string_view type,
                                        const std::vector<std::pair<std::string, std::string>>& parameters,
                                        std::vector<Entity> children);
  /// A leaf whose Content-Type, parameters and encoding are all given; `body` is already encoded.
  [[nodiscard]] static Entity leaf(std::vector<std::pair<std::string, std::string>> fields, std::string body);

  /// `Content-…: …` fields, each ended by CRLF, without MIME-Version.
  [[nodiscard]] const std::string& header() const { return header_; }
  [[nodiscard]] const std::string& body() const { return body_; }
  /// header, blank line, body.
  [[nodiscard]] std::string bytes() const;

 private:
  std::string header_;
  std::string body_;
};

/// A whole message: `fields` (each with its CRLF, e.g. of outer_fields), MIME-Version, the entity.
[[nodiscard]] std::string compose_message(std::string_view fields, const Entity&);

/// One unstructured or structured field, folded, RFC 2047 encoded where the value is not ASCII: `Subject: …\r\n`.
[[nodiscard]] std::string field(std::string_view name, std::string_view utf8_value);

}  // namespace zegel::mail
