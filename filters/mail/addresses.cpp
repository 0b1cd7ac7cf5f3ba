#include <algorithm>

#include "core/text.h"
#include "mail/header.h"

namespace zegel::mail {

namespace {

constexpr std::size_t most_addresses = 5'000;

/// Reads an address-list (RFC 5322 3.4) from left to right, one octet at a time, without looking back.
class AddressReader {
 public:
  explicit AddressReader(std::string_view value) : value_(value) {}

  Result<std::vector<Address>> run() {
    while (at_ < value_.size() && why_.empty()) step();
    if (why_.empty() && in_group_) why_ = "a group left open";
    if (why_.empty()) end_address();
    if (!why_.empty()) return fail(why_ + " at octet " + std::to_string(at_), why_);
    return std::move(out_);
  }

 private:
  void step() {
    switch (const char c = value_[at_]) {
      case '(':
        return comment();
      case '"':
        return quoted();
      case '<':
        return angle();
      case ',':
        ++at_;
        return end_address();
      case ':':
        return begin_group();
      case ';':
        return end_group();
      case ')':
      case '>':
      case '[':
      case ']':
      case '\\':
        why_ = std::string("an unexpected ") + c;
        return;
      case ' ':
      case '\t':
        ++at_;
        blank_ = !phrase_.empty();
        return;
      default:
        return word(c);
    }
  }

  void word(char c) {
    ++at_;
    if (have_angle_) why_ = "something after an address";
    add_blank();
    has_at_ |= c == '@';
    phrase_ += c;
    spec_ += c;
  }

  /// Blanks separate the words of a name; in an address they have no place.
  void add_blank() {
    if (!std::exchange(blank_, false)) return;
    phrase_ += ' ';
    spec_ += ' ';
  }

  void comment() {
    std::size_t depth = 0;
    for (; at_ < value_.size(); ++at_) {
      const char c = value_[at_];
      if (c == '\\') {
        ++at_;
      } else if (c == '(') {
        ++depth;
      } else if (c == ')' && --depth == 0) {
        ++at_;
        blank_ = !phrase_.empty();
        return;
      }
    }
    at_ = value_.size();
    why_ = "a comment left open";
  }

  void quoted() {
    if (have_angle_) why_ = "something after an address";
    add_blank();
    const std::size_t begin = at_++;
    for (; at_ < value_.size() && value_[at_] != '"'; ++at_) {
      if (value_[at_] == '\\' && at_ + 1 < value_.size()) ++at_;
      phrase_ += value_[at_];
    }
    if (at_ >= value_.size()) {
      at_ = value_.size();
      why_ = "a quote left open";
      return;
    }
    ++at_;
    spec_ += value_.substr(begin, at_ - begin);
  }

  void angle() {
    // Readers differ about which of `a@x.nl <b@y.nl>` it is; a name with an @ must be quoted.
    if (have_angle_ || has_at_) {
      why_ = "two addresses without a comma";
      return;
    }
    const std::size_t begin = ++at_;
    bool in_quotes = false;
    for (; at_ < value_.size() && (in_quotes || value_[at_] != '>'); ++at_) {
      if (in_quotes && value_[at_] == '\\')
        ++at_;
      else if (value_[at_] == '"')
        in_quotes = !in_quotes;
    }
    if (at_ >= value_.size()) {
      at_ = value_.size();
      why_ = "an address without its >";
      return;
    }
    add(text::trim(value_.substr(begin, at_ - begin)), decode_words(phrase_));
    ++at_;
    have_angle_ = true;
    blank_ = false;
  }

  void add(std::string_view spec, std::string name) {
    auto mailbox = parse_mailbox(spec);
    if (!mailbox) {
      why_ = mailbox.error().why;
    } else if (out_.size() == most_addresses) {
      why_ = "too many addresses";
    } else {
      out_.push_back({std::move(name), std::move(*mailbox)});
    }
  }

  void end_address() {
    if (!have_angle_ && !spec_.empty()) add(spec_, "");
    clear();
  }

  void begin_group() {
    if (in_group_ || have_angle_ || has_at_ || phrase_.empty()) why_ = "an unexpected :";
    ++at_;
    in_group_ = true;
    clear();
  }

  void end_group() {
    if (!in_group_) {
      why_ = "an unexpected ;";
      return;
    }
    ++at_;
    in_group_ = false;
    end_address();
  }

  void clear() {
    phrase_.clear();
    spec_.clear();
    blank_ = has_at_ = have_angle_ = false;
  }

  std::string_view value_;
  std::size_t at_ = 0;
  std::vector<Address> out_;
  std::string why_;
  std::string phrase_;  ///< of the address being read: its name, quotes taken off
  std::string spec_;    ///< the same octets as an addr-spec, quotes kept
  bool blank_ = false;
  bool has_at_ = false;
  bool have_angle_ = false;
  bool in_group_ = false;
};

}  // namespace

Result<std::vector<Address>> parse_addresses(std::string_view value) { return AddressReader(value).run(); }

}  // namespace zegel::mail
