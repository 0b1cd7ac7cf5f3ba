#include "seal/kept_body.h"

#include <algorithm>

#include "core/base64.h"
#include "core/text.h"
#include "mail/field_writer.h"
#include "mail/header.h"

namespace zegel::seal {

namespace {

using mail::Entity;
using mail::Part;

constexpr std::size_t longest_value = 200;  // so that no line comes out longer than any relay takes

bool any_of(std::string_view name, std::initializer_list<std::string_view> names) {
  return std::ranges::any_of(names, [name](auto each) { return text::equal_folded(name, each); });
}

/// Of an image that had a name.
std::string content_type(const Part& part) { return mail::write_content_type(part.type + "/" + part.subtype, {}); }

/// The fields that say how to show a part, and none that says what its file was called.
std::string nameless_header(const mail::Message& message, const Part& part) {
  std::string header;
  for (const auto& field : mail::fields(message.slice(part.header))) {
    if (any_of(field.name, {"Content-Type"})) {
      header += part.file_name().empty() ? std::string(field.raw) : content_type(part);
    } else if (any_of(field.name, {"Content-Disposition"})) {
      header += part.disposition_parameters.empty() ? std::string(field.raw) : "Content-Disposition: inline\r\n";
    } else if (any_of(field.name, {"Content-Transfer-Encoding", "Content-ID", "Content-Language"})) {
      header += field.raw;
    }
  }
  return header;
}

class Keeper {
 public:
  Keeper(const mail::Message& message, const mail::Structure& structure, const mail::Content& content)
      : message_(message), parts_(structure.parts()), kept_(parts_.size(), false) {
    for (const auto index : content.body) kept_[index] = true;
    for (const auto index : content.inlined) kept_[index] = true;
  }

  /// As deep as the scanner lets a message be.
  [[nodiscard]] std::optional<Entity> keep(std::uint32_t index) const {
    const Part& part = parts_[index];
    if (is_untouched(index)) return Entity::sliced(std::string(message_.slice(part.whole)));
    return part.is_multipart() ? rebuilt(part) : kept_[index] ? std::optional(leaf(part)) : std::nullopt;
  }

 private:
  /// Nothing is taken out of it, nothing in its headers tells names, and it is 7bit.
  [[nodiscard]] bool is_untouched(std::uint32_t index) const {
    const Part& part = parts_[index];
    if (part.parent == Part::none || nameless_header(message_, part) != message_.slice(part.header)) return false;
    if (!part.is_multipart()) return kept_[index] && text::is_ascii(message_.slice(part.whole));
    if (!says_nothing(part.preamble) || !says_nothing(part.epilogue)) return false;
    return std::ranges::all_of(part.children, [this](std::uint32_t child) { return is_untouched(child); });
  }

  [[nodiscard]] bool says_nothing(mail::Range range) const { return text::trim(message_.slice(range)).empty(); }

  [[nodiscard]] Entity leaf(const Part& part) const {
    std::string header = nameless_header(message_, part);
    const std::string_view body = message_.slice(part.body);
    if (text::is_ascii(body)) return Entity::sliced(header + "\r\n" + std::string(body));
    header = mail::without(header, [](const auto& field) { return any_of(field.name, {"Content-Transfer-Encoding"}); });
    return Entity::sliced(header + "Content-Transfer-Encoding: base64\r\n\r\n" + base64::encode_lines(body));
  }

  [[nodiscard]] std::optional<Entity> rebuilt(const Part& part) const {
    std::vector<Entity> children;
    for (const auto child : part.children) {
      if (auto entity = keep(child)) children.push_back(std::move(*entity));
    }
    if (children.empty()) return std::nullopt;
    if (children.size() == 1) return std::move(children.front());
    std::vector<std::pair<std::string, std::string>> parameters;
    for (const auto& [name, value] : part.parameters) {
      const bool of_related = name == "type" || name == "start";  // RFC 2387 3
      if (of_related && value.size() <= longest_value) parameters.emplace_back(name, value);
    }
    const bool shown_together = part.subtype == "alternative" || part.subtype == "related";
    return Entity::multipart("multipart/" + (shown_together ? part.subtype : "mixed"), parameters, std::move(children));
  }

  const mail::Message& message_;
  const std::vector<Part>& parts_;
  std::vector<bool> kept_;
};

}  // namespace

std::optional<Entity> kept_body(const mail::Message& message, const mail::Structure& structure,
                                const mail::Content& content) {
  return Keeper(message, structure, content).keep(0);
}

}  // namespace zegel::seal
