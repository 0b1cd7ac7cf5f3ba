#include "mail/canonical.h"

#include <algorithm>
#include <vector>

#include "core/base64.h"
#include "core/text.h"
#include "mail/content.h"
#include "mail/field_writer.h"
#include "mail/header.h"
#include "mail/octets.h"
#include "mail/structure.h"
#include "mail/transfer.h"

namespace zegel::mail {

namespace {

constexpr std::size_t longest_line = 998;

bool has_long_line(std::string_view bytes) {
  std::size_t begin = 0;
  for (std::size_t lf = bytes.find('\n'); lf != std::string_view::npos; lf = bytes.find('\n', begin)) {
    if (lf - begin > longest_line + 1) return true;
    begin = lf + 1;
  }
  return bytes.size() - begin > longest_line;
}

/// The header with another Content-Transfer-Encoding, every other field as it was.
std::string with_encoding(std::string_view header, std::string_view encoding) {
  constexpr std::string_view name = "Content-Transfer-Encoding";
  std::string out = without(header, [&](const Field& field) { return text::equal_folded(field.name, name); });
  if (!out.empty() && !out.ends_with("\r\n")) out += "\r\n";
  return out + write_field(name, encoding);
}

/// RFC 1847 2.1: a signature goes with its octets.
bool is_signed(const Part& part) { return part.is("multipart", "signed"); }

/// Copies the entity part by part, in the order of its octets.
class Rewriter {
 public:
  Rewriter(const Message& message, const Structure& structure) : message_(message), structure_(structure) {}

  Result<std::string> run() {
    const auto& parts = structure_.parts();
    for (std::uint32_t i = 0; i < parts.size(); ++i) {
      if (parts[i].whole.begin < copied_) continue;  // inside a part that was copied whole
      if (is_signed(parts[i])) {
        if (!is_canonical(message_.slice(parts[i].whole))) return fail("a signed part is not 7bit");
        copy_to(parts[i].whole.end);
      } else if (parts[i].children.empty()) {
        if (auto done = leaf(parts[i]); !done) return std::unexpected(done.error());
      } else {
        container(parts[i]);
      }
    }
    copy_to(message_.size());
    return std::move(out_);
  }

 private:
  void copy_to(std::size_t end) {
    out_ += message_.slice({copied_, end});
    copied_ = end;
  }

  /// What is inside becomes 7bit, so the container must not say anything else.
  void container(const Part& part) {
    if (part.encoding == Encoding::bit7) return copy_to(part.body.begin);
    copy_to(part.header.begin);
    out_ += with_encoding(message_.slice(part.header), "7bit") + "\r\n";
    copied_ = part.body.begin;
  }

  Result<void> leaf(const Part& part) {
    if (is_canonical(message_.slice(part.body))) {
      copy_to(part.whole.end);
      return {};
    }
    const auto bytes = decode(message_, part);
    if (!bytes) return std::unexpected(bytes.error());
    const bool text = part.type == "text" && part.encoding != Encoding::base64;
    copy_to(part.header.begin);
    out_ += with_encoding(message_.slice(part.header), text ? "quoted-printable" : "base64") + "\r\n";
    out_ += text ? encode_quoted_printable(*bytes) : base64::encode_lines(*bytes);
    copied_ = part.body.end;
    return {};
  }

  const Message& message_;
  const Structure& structure_;
  std::string out_;
  std::size_t copied_ = 0;
};

/// What is to be mended does not make a structure doubtful.
bool is_sound_enough(const Structure& structure) {
  return std::ranges::all_of(structure.flaws(),
                             [](const Flaw& flaw) { return flaw.name == "long-line" || flaw.name == "8bit-in-7bit"; });
}

}  // namespace

bool is_canonical(std::string_view bytes) { return !has_8bit(bytes) && !has_long_line(bytes); }

Result<std::string> canonical_for_signing(std::string_view entity) {
  if (is_canonical(entity)) return std::string(entity);
  const Message message{std::string(entity)};
  const Structure structure = scan(message);
  if (!is_sound_enough(structure)) return fail("cannot be made 7bit: " + structure.flaws().front().why);
  return Rewriter(message, structure).run();
}

}  // namespace zegel::mail
