#include "check/history_reader.h"

namespace zegel::check {

namespace {

/// What stands between `front` and the next `end`.
std::string_view between(std::string_view line, std::string_view front, char end) {
  const auto at = line.find(front);
  if (at == std::string_view::npos) return {};
  line.remove_prefix(at + front.size());
  return line.substr(0, line.find(end));
}

/// smtp(8) and lmtp(8) alone take mail elsewhere; a relay on this machine is a content filter, and the mail comes by
/// again.
bool goes_out(std::string_view line) {
  if (!line.contains("/smtp[") && !line.contains("/lmtp[")) return false;
  const auto relay = between(line, " relay=", ',');
  return !relay.empty() && relay != "none" && !relay.starts_with("127.") && !relay.starts_with("localhost") &&
         !relay.contains("[127.") && !relay.contains("[::1]");
}

std::optional<Time> day_of(std::string_view line, Time now) {
  const auto day = parse_day(line.substr(0, line.find(' ')));
  return day ? day : parse_syslog_day(line, now);
}

}  // namespace

std::uint64_t read_postfix_log(std::string_view text, HistoryTally& tally) {
  return each_line(text, tally, [&](std::string_view line, std::uint64_t number) {
    if (!line.contains(" status=sent ") || !goes_out(line)) return;
    const auto recipient = between(line, ": to=<", '>');
    if (recipient.empty()) return;
    if (!tally.add(recipient, 1, day_of(line, tally.options().now))) {
      tally.problem(number, "a recipient that is not an address", "it was left out");
    }
  });
}

}  // namespace zegel::check
