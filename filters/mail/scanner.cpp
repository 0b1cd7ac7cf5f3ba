#include "mail/scanner.h"

#include <algorithm>

#include "core/text.h"
#include "mail/carried.h"
#include "mail/transfer.h"

namespace zegel::mail {

namespace {

constexpr std::size_t most_flaws = 20;  // one is enough to refuse; some more help who looks into it
constexpr std::size_t longest_boundary = 200;

}  // namespace

Scanner::Scanner(std::string_view bytes, const Bounds& bounds)
    : bytes_(bytes), bounds_(bounds), survey_(bytes, bounds.line) {}

Structure Scanner::run() {
  out_.flaws_ = check_octets(bytes_, survey_, bounds_.line);
  begin_part(0, Part::none);
  if (out_.fatal() != nullptr) done_ = true;
  while (!done_) {
    read_header();
    if (!done_) enter_body();
    if (!done_) skip_body();
  }
  finish();
  return std::move(out_);
}

void Scanner::begin_part(std::size_t at, std::uint32_t parent) {
  current_ = static_cast<std::uint32_t>(out_.parts_.size());
  Part part;
  part.whole = part.header = part.body = {at, bytes_.size()};
  part.header.end = part.body.begin = at;
  part.parent = parent;
  if (parent != Part::none) {
    part.depth = out_.parts_[parent].depth + 1;
    out_.parts_[parent].children.push_back(current_);
  }
  out_.parts_.push_back(std::move(part));
  at_ = at;
}

/// From at_, the begin of the current part, to past the blank line. Ends early at a delimiter or a bound.
void Scanner::read_header() {
  const std::uint32_t part = current_;
  const std::size_t begin = at_;
  std::uint32_t line_count = 0;
  bool bounded = true;
  for (;;) {
    if (at_ >= bytes_.size()) break;
    const std::size_t end = line_end(at_);
    if (end == at_) break;
    if (bytes_[at_] == '-' && delimiter_at(at_)) break;
    const bool long_line = end - at_ > bounds_.line;
    if (++line_count > bounds_.header_lines || end - begin > bounds_.header_bytes || long_line) {
      bounded = false;
      break;
    }
    at_ = past_line(at_);
  }
  Part& entity = out_.parts_[part];
  entity.header = {begin, at_};
  if (!bounded) {
    flaw("header-too-big", "the header has more lines or longer ones than a message may have,", at_, part == 0);
    entity.body.begin = at_;
    entity.type = "application";
    entity.subtype = "octet-stream";
    done_ = part == 0;
    return;
  }
  const bool blank_line = at_ < bytes_.size() && line_end(at_) == at_;
  if (!blank_line && at_ < bytes_.size())
    flaw("missing-blank-line", "a part without a blank line after its header", at_);
  if (blank_line) at_ = past_line(at_);
  entity.body.begin = at_;
  const bool in_digest = entity.parent != Part::none && out_.parts_[entity.parent].is("multipart", "digest");
  const std::string_view header = bytes_.substr(entity.header.begin, entity.header.size());
  for (const Oddity& odd : read_entity_header(header, in_digest, entity)) flaw(odd.name, odd.what, begin);
}

/// What the current part's type makes of its body: a multipart, a message with a header of its own, or a leaf.
void Scanner::enter_body() {
  while (!done_) {
    const Part& part = out_.parts_[current_];
    if (part.is_multipart()) return open_multipart();
    const bool message = part.is("message", "rfc822") || part.is("message", "global");
    if (!message || part.encoding >= Encoding::quoted_printable || !has_room(at_)) return;
    open_.push_back({current_});
    begin_part(at_, current_);
    read_header();
  }
}

void Scanner::open_multipart() {
  const std::uint32_t part = current_;
  for (const Oddity& odd : check_boundary(out_.parts_[part])) flaw(odd.name, odd.what, out_.parts_[part].header.begin);
  const std::string boundary(out_.parts_[part].parameter("boundary"));
  const bool usable = !boundary.empty() && boundary.size() <= longest_boundary;
  if (!usable || !has_room(at_)) return;
  check_nested_boundary(boundary, at_);
  open_.push_back({part, boundary});
}

/// Whether one more level and one more part are within the bounds.
bool Scanner::has_room(std::size_t at) {
  if (out_.parts_[current_].depth + 1 > bounds_.depth) {
    flaw("too-deep", "parts nested deeper than " + std::to_string(bounds_.depth), at);
    return false;
  }
  return true;
}

/// A reader that compares only the beginning of a line would take one multipart's delimiters for the other's.
void Scanner::check_nested_boundary(std::string_view boundary, std::size_t at) {
  for (const Open& around : open_) {
    if (around.boundary.empty()) continue;
    if (around.boundary == boundary) {
      flaw("same-boundary", "a multipart with the boundary of the one around it", at);
    } else if (boundary.starts_with(around.boundary) || around.boundary.starts_with(boundary)) {
      flaw("boundary-prefix", "a boundary that begins like another one", at);
    }
  }
}

/// To the next delimiter line, which it acts upon, or to the end.
void Scanner::skip_body() {
  const bool in_multipart = std::ranges::any_of(open_, [](const Open& open) { return !open.boundary.empty(); });
  while (in_multipart && at_ < bytes_.size()) {
    const std::size_t line = survey_.next_dash_line(at_);
    if (line == std::string_view::npos) break;
    at_ = past_line(line);
    const auto delimiter = delimiter_at(line);
    if (!delimiter) continue;
    meet(*delimiter, line);
    if (current_ != Part::none || done_) return;
  }
  done_ = true;
}

/// The open multipart, innermost first, whose delimiter the line is.
std::optional<Scanner::Delimiter> Scanner::delimiter_at(std::size_t line) {
  if (!bytes_.substr(line).starts_with("--")) return std::nullopt;
  std::string_view text = bytes_.substr(line + 2, line_end(line) - line - 2);
  text = text.substr(0, text.find_last_not_of(" \t") + 1);  // transport padding
  bool resembles = false;
  for (std::size_t level = open_.size(); level-- > 0;) {
    const std::string_view boundary = open_[level].boundary;
    if (boundary.empty() || !text::starts_with_folded(text, boundary)) continue;
    const bool same = text.starts_with(boundary);
    if (same && text.size() == boundary.size()) return Delimiter{level, false};
    if (same && text.substr(boundary.size()) == "--") return Delimiter{level, true};
    resembles = true;
  }
  if (resembles) flaw("boundary-prefix", "a line that resembles a delimiter and is none", line);
  return std::nullopt;
}

void Scanner::meet(const Delimiter& delimiter, std::size_t line) {
  const std::size_t before = line >= 2 ? line - 2 : 0;  // the CRLF belongs to the delimiter
  end_inner(delimiter.level, before);
  Open& open = open_[delimiter.level];
  if (open.closed) {
    flaw("part-after-close", "a part after its multipart was closed", line);
    return;
  }
  if (out_.parts_[open.part].children.empty()) end_preamble(out_.parts_[open.part], before);
  if (delimiter.close) {
    open.closed = true;
    open.epilogue = at_;
    if (out_.parts_[open.part].children.empty()) flaw("no-parts", "a multipart without parts", line);
    return;
  }
  if (out_.parts_.size() >= bounds_.parts) {
    flaw("too-many-parts", "more than " + std::to_string(bounds_.parts) + " parts", line);
    done_ = true;
    return;
  }
  begin_part(at_, open.part);
}

/// At the first delimiter. A known reader shows what looks like a part there.
void Scanner::end_preamble(Part& multipart, std::size_t end) {
  multipart.preamble = {multipart.body.begin, std::max(end, multipart.body.begin)};
  const std::string_view text = bytes_.substr(multipart.preamble.begin, multipart.preamble.size());
  const bool like_delimiter = text.starts_with("--") || text.contains("\n--");
  if (like_delimiter || carries_file(text)) {
    flaw("part-in-preamble", "something like a part before the first part of a multipart", multipart.body.begin);
  }
}

/// Ends the current part and all that is open inside `level`. A part without a body may end where its delimiter begins;
/// then so does what is around it.
void Scanner::end_inner(std::size_t level, std::size_t end) {
  if (current_ != Part::none && (open_.empty() || open_.back().part != current_)) end = end_part(current_, end);
  current_ = Part::none;
  while (open_.size() > level + 1) {
    const Open inner = std::move(open_.back());
    open_.pop_back();
    end = end_part(inner.part, end);
    if (inner.boundary.empty()) continue;
    Range& epilogue = out_.parts_[inner.part].epilogue;
    epilogue = {inner.closed ? std::min(inner.epilogue, end) : end, end};
    if (!inner.closed) {
      flaw("missing-close", "a multipart that is not closed", end);
    } else if (!text::trim(bytes_.substr(epilogue.begin, epilogue.size())).empty()) {
      flaw("leftovers", "text after the end of a multipart", inner.epilogue);
    }
  }
}

std::size_t Scanner::end_part(std::uint32_t index, std::size_t end) {
  Part& part = out_.parts_[index];
  part.body.end = std::max(end, part.body.begin);
  part.whole.end = part.body.end;
  if (part.children.empty()) check_leaf(index);
  return part.whole.end;
}

void Scanner::finish() {
  const bool whole = out_.fatal() == nullptr;
  if (!whole) return;
  const std::size_t end = bytes_.size();
  open_.insert(open_.begin(), Open{0});  // so that the outermost multipart ends like those inside it
  if (current_ == 0 && open_.size() == 1) {
    check_leaf(0);
    return;
  }
  end_inner(0, end);
}

/// Transfer encodings that lie: what one reader decodes, another shows.
void Scanner::check_leaf(std::uint32_t index) {
  const Part& part = out_.parts_[index];
  const std::string_view body = bytes_.substr(part.body.begin, part.body.size());
  const bool maybe_8bit = survey_.has_8bit();
  if (part.encoding == Encoding::base64 && !is_base64_body(bytes_, part.body, survey_)) {
    flaw("lying-encoding", "a part that says it is base64 and is not", part.body.begin);
  }
  if (part.encoding == Encoding::quoted_printable && !is_quoted_printable_body(body)) {
    flaw("lying-encoding", "a part that says it is quoted-printable and is not", part.body.begin);
  }
  if (part.encoding == Encoding::uuencode && !is_uuencoded_body(body)) {
    flaw("lying-encoding", "a part that says it is uuencoded and is not", part.body.begin);
  }
  if (part.encoding == Encoding::bit7 && part.says_encoding && maybe_8bit && has_8bit(body)) {
    flaw("8bit-in-7bit", "a part that says it is 7bit and is not", part.body.begin);
  }
}

std::size_t Scanner::line_end(std::size_t at) const { return std::min(bytes_.find("\r\n", at), bytes_.size()); }

std::size_t Scanner::past_line(std::size_t at) const { return std::min(line_end(at) + 2, bytes_.size()); }

void Scanner::flaw(std::string_view name, std::string_view what, std::size_t at, bool fatal) {
  if (out_.flaws_.size() >= most_flaws && !fatal) return;
  out_.flaws_.push_back(
      {name, std::string(what) + " at line " + std::to_string(survey_.line_ends_before(at) + 1), fatal});
}

}  // namespace zegel::mail
