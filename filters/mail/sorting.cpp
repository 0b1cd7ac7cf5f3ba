#include <algorithm>
#include <map>
#include <ranges>
#include <set>

#include "core/text.h"
#include "mail/carried.h"
#include "mail/cid.h"
#include "mail/content.h"
#include "mail/file_name.h"

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
      const Place place = part.is_shown_in_place() ? visit.place : Place::elsewhere;
      const std::uint32_t first = first_child(part);
      for (const std::uint32_t child : part.children | std::views::reverse)
        todo_.push_back({child, place_of(part, child == first, place)});
      return;
    }
    if (!part.content_id.empty()) ++uses_[part.content_id];
    if (visit.place == Place::body && is_body_text(part)) {
      out_.body.push_back(visit.part);
    } else if (part.type == "image" && !part.content_id.empty() && part.is_shown_in_place()) {
      images_.push_back(visit.part);
    } else {
      files_.push_back(visit.part);
    }
  }

  /// The child that a reader opens with: of multipart/related the one that `start` names (RFC 2387 3.2).
  [[nodiscard]] std::uint32_t first_child(const Part& multipart) const {
    std::string_view start = text::trim(multipart.parameter("start"));
    if (multipart.subtype != "related" || start.empty()) return multipart.children.front();
    if (start.starts_with('<') && start.ends_with('>')) start = start.substr(1, start.size() - 2);
    const auto named = std::ranges::find_if(
        multipart.children, [&](std::uint32_t child) { return structure_.parts()[child].content_id == start; });
    return named == multipart.children.end() ? multipart.children.front() : *named;
  }

  /// The place of a multipart's child when the multipart stands at `place`.
  static Place place_of(const Part& multipart, bool first, Place place) {
    return multipart.subtype == "alternative" || first ? place : Place::elsewhere;
  }

  /// Plain or html, without a name, shown in place, each once, and holding no file.
  bool is_body_text(const Part& part) {
    const bool plain = part.is("text", "plain");
    if ((!plain && !part.is("text", "html")) || !part.is_shown_in_place() || !part.file_name().empty()) return false;
    if (part.encoding == Encoding::uuencode || (plain ? seen_plain_ : seen_html_)) return false;
    if (part.encoding < Encoding::quoted_printable) return take_text(message_.slice(part.body), plain);
    const auto bytes = decode(message_, part);
    return bytes && take_text(*bytes, plain);
  }

  bool take_text(std::string_view text, bool plain) {
    if (carries_file(text)) return false;
    (plain ? seen_plain_ : seen_html_) = true;
    if (!plain) ids_.merge(referred_ids(text));
    return true;
  }

  /// Images that the html refers to stay with it; the others are files. Of two with one Content-ID a reader shows one
  /// in its place and the other as a file, and nobody knows which.
  void settle_images() {
    for (const std::uint32_t image : images_) {
      const std::string& id = structure_.parts()[image].content_id;
      const bool in_place = ids_.contains(id) && uses_[id] == 1;
      (in_place ? out_.inlined : files_).push_back(image);
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
  std::map<std::string_view, int> uses_;  ///< how many parts have each Content-ID
  bool seen_plain_ = false;
  bool seen_html_ = false;
};

}  // namespace

Content sort_content(const Message& message, const Structure& structure) { return Sorter(message, structure).run(); }

}  // namespace zegel::mail
