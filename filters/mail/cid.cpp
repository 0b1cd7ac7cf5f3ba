#include "mail/cid.h"

#include <algorithm>
#include <array>
#include <vector>

#include "core/text.h"
#include "mail/percent.h"

namespace zegel::mail {

namespace {

using Ids = std::set<std::string, std::less<>>;

constexpr std::string_view blanks = " \t\r\n\f";
constexpr std::string_view scheme = "cid:";

/// Reads tags as a browser does (HTML 13.2.5), near enough to tell an attribute from what only looks like one.
class Html {
 public:
  explicit Html(std::string_view html) : html_(html) {}

  Ids run() {
    while (to('<')) {
      if (html_.substr(at_).starts_with("<!--")) {
        comment();
      } else if (text::is_alpha(at(1)) || (at(1) == '/' && text::is_alpha(at(2)))) {
        tag();
      } else if (at(1) == '!' || at(1) == '?' || at(1) == '/') {
        to('>');  // a comment to browsers, whatever it was meant to be
      } else {
        ++at_;
      }
    }
    return std::move(ids_);
  }

 private:
  [[nodiscard]] char at(std::size_t ahead) const { return at_ + ahead < html_.size() ? html_[at_ + ahead] : '\0'; }

  bool to(char c) {
    at_ = std::min(html_.find(c, at_), html_.size());
    return at_ < html_.size();
  }

  std::string_view take(std::string_view up_to) {
    const std::size_t begin = at_;
    at_ = std::min(html_.find_first_of(up_to, at_), html_.size());
    return html_.substr(begin, at_ - begin);
  }

  void skip(std::string_view what) { at_ = std::min(html_.find_first_not_of(what, at_), html_.size()); }

  /// `<!-->` and `<!--->` are whole ones.
  void comment() {
    const std::size_t end = html_.find("-->", at_ + 2);
    at_ = end == std::string_view::npos ? html_.size() : end + 3;
  }

  /// One that is not closed counts for nothing.
  void tag() {
    const bool closing = at(1) == '/';
    at_ += closing ? 2 : 1;
    const std::string name = text::lower(take(" \t\r\n\f/>"));
    Ids found;
    for (;;) {
      skip(" \t\r\n\f/");
      if (at_ == html_.size()) return;
      if (html_[at_] == '>') break;
      attribute(found);
    }
    ++at_;
    if (closing) return;
    ids_.merge(found);
    raw_text(name);
  }

  void attribute(Ids& found) {
    const std::size_t begin = at_;
    at_ = std::min(html_.find_first_of(" \t\r\n\f/>=", at_ + 1), html_.size());
    const std::string_view name = html_.substr(begin, at_ - begin);
    skip(blanks);
    if (at(0) != '=') return;
    ++at_;
    skip(blanks);
    const std::string_view value = attribute_value();
    if (text::equal_folded(name, "src") || text::equal_folded(name, "background")) add_url(value, found);
    if (text::equal_folded(name, "style")) add_style(value, found);
  }

  std::string_view attribute_value() {
    const char quote = at(0);
    if (quote != '"' && quote != '\'') return take(" \t\r\n\f>");
    ++at_;
    const std::string_view value = take(std::string_view(&quote, 1));
    at_ = std::min(at_ + 1, html_.size());
    return value;
  }

  /// What is between these tags is no html, whatever it looks like.
  void raw_text(std::string_view name) {
    static constexpr std::array<std::string_view, 8> raw = {"style", "script",  "title",    "textarea",
                                                            "xmp",   "noembed", "noframes", "iframe"};
    if (std::ranges::find(raw, name) == raw.end()) return;
    const std::size_t begin = at_;
    while (to('<')) {
      if (at(1) == '/' && text::starts_with_folded(html_.substr(at_ + 2), name)) break;
      ++at_;
    }
    if (name == "style") add_style(html_.substr(begin, at_ - begin), ids_);
  }

  static void add_url(std::string_view url, Ids& found) {
    url = text::trim(url);
    if (text::starts_with_folded(url, scheme)) found.insert(percent_decoded(url.substr(scheme.size())));
  }

  static void add_style(std::string_view css, Ids& found) {
    for (std::size_t at = css.find_first_of("/uU"); at != std::string_view::npos; at = css.find_first_of("/uU", at)) {
      const std::string_view rest = css.substr(at);
      if (rest.starts_with("/*")) {
        const std::size_t end = css.find("*/", at + 2);
        if (end == std::string_view::npos) return;
        at = end + 2;
      } else if (text::starts_with_folded(rest, "url(")) {
        const std::size_t begin = std::min(css.find_first_not_of(" \t\r\n\"'", at + 4), css.size());
        at = std::min(css.find_first_of(" \t\r\n\"')", begin), css.size());
        add_url(css.substr(begin, at - begin), found);
      } else {
        ++at;
      }
    }
  }

  std::string_view html_;
  std::size_t at_ = 0;
  Ids ids_;
};

}  // namespace

Ids referred_ids(std::string_view html) { return Html(html).run(); }

}  // namespace zegel::mail
