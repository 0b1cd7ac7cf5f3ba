#include "seal/zip_contents.h"

#include <algorithm>
#include <map>

#include "core/text.h"
#include "mail/header.h"
#include "seal/cover.h"
#include "seal/detached_signature.h"
#include "seal/html_images.h"
#include "seal/locked.h"
#include "seal/subject.h"

namespace zegel::seal {

namespace {

using mail::Part;

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

/// Whether a signature would be lost by taking the message apart.
bool is_signed(const mail::Structure& structure) {
  return std::ranges::any_of(structure.parts(), [](const Part& part) {
    return part.is("multipart", "signed") || part.is("application", "pkcs7-mime") ||
           part.is("application", "x-pkcs7-mime");
  });
}

/// As the recipients may have it: whom it was blind-copied to stays with the sender.
std::string original(const mail::Message& message, const mail::Structure& structure, std::string_view strip_tag) {
  const auto ours = [](const mail::Field& field) {
    return text::equal_folded(field.name, "Bcc") || text::equal_folded(field.name, "Resent-Bcc") ||
           text::starts_with_folded(field.name, "X-Zegel-");
  };
  const std::string header = mail::without(message.slice(structure.root().header), ours);
  return without_tag(header, strip_tag) + "\r\n" + std::string(message.slice(structure.root().body));
}

std::string extension(const Part& part) {
  static constexpr std::string_view known[] = {"png", "gif", "webp", "bmp", "tiff", "avif", "heic"};
  if (part.subtype == "svg+xml") return ".svg";
  return std::ranges::find(known, part.subtype) != std::end(known) ? "." + part.subtype : ".jpg";
}

/// An html alternative says what the plain one says.
bool is_said_in_html(const mail::Structure& structure, const mail::Content& content, const Part& part) {
  if (part.subtype == "html" || part.parent == Part::none) return false;
  if (!structure.parts()[part.parent].is("multipart", "alternative")) return false;
  return std::ranges::any_of(content.body, [&](std::uint32_t other) {
    for (auto up = other; up != Part::none; up = structure.parts()[up].parent) {
      if (up == part.parent) return structure.parts()[other].subtype == "html";
    }
    return false;
  });
}

class Collector {
 public:
  Collector(const mail::Message& message, const mail::Structure& structure, const mail::Content& content,
            Language language)
      : message_(message), structure_(structure), content_(content), words_(zip_words(language)) {}

  Result<void> attachments() {
    for (const auto& attachment : content_.attachments) {
      auto bytes = mail::decode(message_, part(attachment.part));
      if (!bytes) return std::unexpected(bytes.error());
      contents.add(attachment.name, std::move(*bytes));
    }
    return {};
  }

  Result<void> images() {
    int number = 0;
    for (const auto index : content_.inlined) {
      auto bytes = mail::decode(message_, part(index));
      if (!bytes) return std::unexpected(bytes.error());
      const std::string name = std::string(words_.image) + "-" + std::to_string(++number) + extension(part(index));
      contents.add(name, std::move(*bytes));
      images_.emplace(part(index).content_id, contents.files().back().name);
    }
    return {};
  }

  Result<void> body() {
    for (const auto index : content_.body) {
      if (is_said_in_html(structure_, content_, part(index))) continue;
      const bool html = part(index).subtype == "html";
      auto text = mail::decode_text(message_, part(index));
      if (!text) text = mail::decode(message_, part(index));  // in an unknown charset, still better than nothing
      if (!text) return std::unexpected(text.error());
      if (html) *text = with_local_images(*text, images_);
      if (text::is_utf8(*text) && !text::is_ascii(*text))
        text->insert(0, byte_order_mark);  // over any other claim in it
      contents.add(std::string(words_.body) + (html ? ".html" : ".txt"), std::move(*text));
    }
    return {};
  }

  void whole(std::string_view strip_tag) {
    contents.add(std::string(words_.body) + ".eml", original(message_, structure_, strip_tag));
  }

  ZipContents contents = {};

 private:
  [[nodiscard]] const Part& part(std::uint32_t index) const { return structure_.parts()[index]; }

  const mail::Message& message_;
  const mail::Structure& structure_;
  const mail::Content& content_;
  const ZipWords& words_;
  std::map<std::string, std::string> images_ = {};  // Content-ID to file name
};

}  // namespace

void ZipContents::add(std::string name, std::string bytes) {
  bytes_.push_back(std::move(bytes));
  files_.push_back({names_.take(std::move(name)), bytes_.back()});
}

std::vector<mail::Attachment> lockable(const mail::Message& message, const mail::Structure& structure,
                                       const mail::Content& content) {
  auto attachments = content.attachments;
  std::erase_if(attachments, [&](const auto& each) { return is_detached_signature(message, structure, each.part); });
  return attachments;
}

std::vector<mail::Attachment> take_locked(const mail::Message& message, const mail::Structure& structure,
                                          std::vector<mail::Attachment>& attachments) {
  if (is_signed(structure)) return {};
  std::vector<mail::Attachment> taken;
  std::erase_if(attachments, [&](mail::Attachment& attachment) {
    const auto bytes = mail::decode(message, structure.parts()[attachment.part]);
    const bool locked = bytes && is_locked(*bytes);
    if (locked) taken.push_back(attachment);
    return locked;
  });
  return taken;
}

Result<ZipContents> collect(const mail::Message& message, const mail::Structure& structure,
                            const mail::Content& content, Method method, Language language,
                            std::string_view strip_tag) {
  Collector collector(message, structure, content, language);
  if (method == Method::zip) {
    if (auto done = collector.images(); !done) return std::unexpected(done.error());
    if (auto done = collector.body(); !done) return std::unexpected(done.error());
  }
  if (auto done = collector.attachments(); !done) return std::unexpected(done.error());
  if (method == Method::zip || is_signed(structure)) collector.whole(strip_tag);
  return std::move(collector.contents);
}

}  // namespace zegel::seal
