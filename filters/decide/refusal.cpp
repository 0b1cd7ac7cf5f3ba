#include "decide/refusal.h"

#include <algorithm>

namespace zegel::decide {

namespace {

constexpr std::size_t longest_line = 512;
/// What stands around the address and the text: `550 5.7.5 <`, `>: `, ` [7K3QX9M2TB]`, CRLF.
constexpr std::size_t frame = 11 + 3 + 13 + 2;
constexpr std::string_view lead = "no way to seal for this recipient: ";

std::string printable(std::string_view text) {
  std::string out(text);
  std::ranges::replace_if(out, [](char c) { return c < 0x20 || c > 0x7E; }, '?');
  return out;
}

std::string cut(std::string text, std::size_t most) {
  if (text.size() <= most) return text;
  text.resize(most > 3 ? most - 3 : 0);
  return text + (most > 3 ? "..." : "");
}

std::string joined(std::span<const std::string> texts) {
  std::string out;
  for (const std::string& text : texts) out += (out.empty() ? "" : "; ") + text;
  return out;
}

}  // namespace

std::string say_refused(std::span<const Attempt> attempts, const mail::Mailbox& recipient) {
  std::vector<std::string> reasons;
  for (const Attempt& one : attempts) {
    reasons.push_back(std::string(to_text(one.rung.method)) + ": " + printable(one.brief));
  }
  const std::size_t taken = frame + lead.size() + recipient.address().size();
  const std::size_t room = longest_line - std::min(longest_line, taken);
  if (joined(reasons).size() > room) {
    const std::size_t share = room / std::max<std::size_t>(1, reasons.size());
    for (std::string& reason : reasons) reason = cut(std::move(reason), share - std::min<std::size_t>(2, share));
  }
  return std::string(lead) + joined(reasons);
}

std::string why_refused(std::span<const Attempt> attempts) {
  std::vector<std::string> reasons;
  for (const Attempt& one : attempts) reasons.push_back(std::string(to_text(one.rung.method)) + ": " + one.rung.why);
  return joined(reasons);
}

}  // namespace zegel::decide
