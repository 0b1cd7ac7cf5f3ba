#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "mail/message.h"

namespace zegel::mail {

/// Content-Transfer-Encoding (RFC 2045 6; uuencode under its unofficial names).
enum class Encoding { bit7, bit8, binary, quoted_printable, base64, uuencode };

/// `name=value` of a Content-Type or Content-Disposition, RFC 2231 already put together and decoded to UTF-8.
struct Parameter {
  std::string name;  ///< lower case
  std::string value;
};

/// One MIME entity as byte ranges over the exact message.
struct Part {
  static constexpr std::uint32_t none = 0xFFFFFFFF;

  Range whole;   ///< header, blank line and body; without the delimiter lines around it
  Range header;  ///< the header fields, without the blank line
  Range body;    ///< what follows the blank line
  /// Of a multipart that has a delimiter, else empty: what stands before the first one, and behind the one that closes
  /// it. The line ends around a delimiter are its own (RFC 2046 5.1.1).
  Range preamble, epilogue;
  std::uint32_t parent = none;
  std::uint32_t depth = 0;
  std::vector<std::uint32_t> children;  ///< indices into Structure::parts(), in order

  std::string type = "text";      ///< lower case
  std::string subtype = "plain";  ///< lower case
  std::vector<Parameter> parameters;
  Encoding encoding = Encoding::bit7;
  bool says_encoding = false;  ///< there is a Content-Transfer-Encoding field
  std::string disposition;     ///< lower case: `inline`, `attachment`, or empty
  std::vector<Parameter> disposition_parameters;
  std::string content_id;  ///< without the angle brackets

  [[nodiscard]] bool is(std::string_view wanted_type, std::string_view wanted_subtype) const {
    return type == wanted_type && subtype == wanted_subtype;
  }
  [[nodiscard]] bool is_multipart() const { return type == "multipart"; }
  /// The parameter's value, or empty.
  [[nodiscard]] std::string_view parameter(std::string_view name) const;
  /// The name that the sender gave the file, decoded to UTF-8, not made safe; or empty. Readers look for `filename`
  /// and `name` in Content-Disposition and in Content-Type, whatever the RFCs say.
  [[nodiscard]] std::string_view file_name() const;
  /// Nothing says that it is to be kept apart: what RFC 2183 does not know counts as an attachment (2.8 there).
  [[nodiscard]] bool is_shown_in_place() const { return disposition.empty() || disposition == "inline"; }
};

/// Why a message's structure must not be relied on. Sealing it whole (S/MIME, PGP) is safe all the same; taking it
/// apart (zip) is not.
struct Flaw {
  std::string_view name;  ///< a word for logs and tests: `duplicate-content-type`, `missing-close`, …
  std::string why;        ///< one English sentence for the sender's reply: what, and where (line number)
  bool fatal = false;     ///< not even a message (bare CR or LF, NUL, header over its bounds): 554 5.6.0
};

/// The MIME tree of one message: strict, bounded, made in one pass without recursion. Every octet of the message
/// belongs to a header, a body, a delimiter, a preamble or an epilogue: joining the ranges gives the same octets.
class Structure {
 public:
  /// Never empty: the first is the message itself.
  [[nodiscard]] const std::vector<Part>& parts() const { return parts_; }
  [[nodiscard]] const Part& root() const { return parts_.front(); }
  [[nodiscard]] const std::vector<Flaw>& flaws() const { return flaws_; }
  /// No flaw: parts may be taken out or replaced one by one.
  [[nodiscard]] bool sound() const { return flaws_.empty(); }
  /// The first fatal flaw, or null.
  [[nodiscard]] const Flaw* fatal() const;

 private:
  friend class Scanner;
  std::vector<Part> parts_;
  std::vector<Flaw> flaws_;
};

/// Caps of docs/decisions (depth, parts, header size and lines, parameters); beyond one, a flaw and an opaque body.
struct Bounds {
  std::uint32_t depth = 50;
  std::uint32_t parts = 1'000;
  std::size_t header_bytes = std::size_t{256} * 1024;
  std::uint32_t header_lines = 1'000;
  std::size_t line = 998;
};

/// Always answers, whatever the bytes; time linear in them.
[[nodiscard]] Structure scan(const Message&, const Bounds& = {});

}  // namespace zegel::mail
