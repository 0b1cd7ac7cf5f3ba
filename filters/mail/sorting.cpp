#include <algorithm>
#include <set>

#include "core/text.h"
#include "mail/cid.h"
#include "mail/content.h"
#include "mail/file_name.h"
#include "mail/transfer.h"

namespace zegel::mail {

namespace {

/// Where a part stands in the message.
enum class Place {
  body,  ///< the text that a reader opens with, alone or as one of several alternatives
  elsewhere
};

/// A part that is still to be looked at.
struct Visit {
  std::uint32_t part;
  Place place;
};

class Sorter {
 public:
  Sorter(const Message& message, const Structure& structure) : message_(message), structure_(structure) {}

  Content run() {
    todo_.push_back({0, Place::body});
    while (!todo_.empty()) {  // depth first, without recursion
      const Visit visit = todo_.back();
      todo_.pop_back();
      look(visit);
    }
    settle_images();
    name_files();
    return std::move(out_);
  }

 private:
  void look(const Visit& visit) {
    const Part& part = structure_.parts()[visit.part];
    if (part.is_multipart() && !part.children.empty()) {
      const Place place = part.disposition == "attachment" ? Place::elsewhere : visit.place;
      for (std::size_t i = part.children.size(); i-- > 0;)
        todo_.push_back({part.children[i], place_of(part, i, place)});
    } else if (visit.place == Place::body && is_body_text(part)) {
      out_.body.push_back(visit.part);
    } else if (part.type == "image" && !part.content_id.empty()) {
      images_.push_back(visit.part);
    } else {
      files_.push_back(visit.part);
    }
  }

  /// The place of a multipart's child when the multipart stands at `place`.
  static Place place_of(const Part& multipart, std::size_t child, Place place) {
    if (place == Place::elsewhere) return place;
    if (multipart.subtype == "alternative") return place;
    return child == 0 ? place : Place::elsewhere;
  }

  /// Plain or html, without a name, shown in place, each once, and holding no file.
  bool is_body_text(const Part& part) {
    const bool plain = part.is("text", "plain");
    if ((!plain && !part.is("text", "html")) || part.disposition == "attachment" || !part.file_name().empty())
      return false;
    if (part.encoding == Encoding::uuencode || (plain ? seen_plain_ : seen_html_)) return false;
    const auto bytes = decode(message_, part);
    if (!bytes || find_uuencoded(*bytes)) return false;
    (plain ? seen_plain_ : seen_html_) = true;
    if (!plain) ids_.merge(referred_ids(*bytes));
    return true;
  }

  /// Images that the html refers to stay with it; the others are files.
  void settle_images() {
    for (const std::uint32_t image : images_) {
      const bool referred = ids_.contains(structure_.parts()[image].content_id);
      (referred ? out_.inlined : files_).push_back(image);
    }
    std::ranges::sort(files_);
  }

  void name_files() {
    UniqueNames unique;
    for (const std::uint32_t file : files_) {
      const Part& part = structure_.parts()[file];
      std::string name = safe_file_name(part.file_name());
      if (name.empty()) name = default_file_name(part.type, part.subtype, out_.attachments.size() + 1);
      out_.attachments.push_back({file, unique.take(std::move(name))});
    }
  }

  const Message& message_;
  const Structure& structure_;
  Content out_;
  std::vector<Visit> todo_;
  std::vector<std::uint32_t> images_;
  std::vector<std::uint32_t> files_;
  std::set<std::string, std::less<>> ids_;
  bool seen_plain_ = false;
  bool seen_html_ = false;
};

}  // namespace

Content sort_content(const Message& message, const Structure& structure) { return Sorter(message, structure).run(); }

}  // namespace zegel::mail
