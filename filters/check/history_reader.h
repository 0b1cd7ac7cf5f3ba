#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "check/history.h"

/// What the readers of the three forms share.
namespace zegel::check {

/// Adds deliveries up.
class HistoryTally {
 public:
  explicit HistoryTally(const HistoryOptions& options) : options_(options) {}

  /// One or more mails to somebody, the last of them then. False: not an address nor a domain.
  bool add(std::string_view recipient, std::uint32_t mails, std::optional<Time> last);
  void problem(std::uint64_t line, std::string what, std::string mend);
  [[nodiscard]] const HistoryOptions& options() const { return options_; }
  /// What came of it; the tally is empty afterwards.
  [[nodiscard]] History finish(HistoryForm, std::uint64_t lines);

 private:
  const HistoryOptions& options_;
  std::unordered_map<std::string, PastRecipient> found_;
  std::vector<Problem> problems_;
  std::uint64_t deliveries_ = 0;
};

/// Calls `use(line, number)` for each line without its line end; lines over 64 KB become problems.
template <class Use>
std::uint64_t each_line(std::string_view text, HistoryTally& tally, Use use) {
  constexpr std::size_t longest = std::size_t{64} * 1024;
  std::uint64_t number = 0;
  while (!text.empty()) {
    const auto end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    ++number;
    if (line.size() > longest)
      tally.problem(number, "a line of over 64 KB", "it was left out");
    else
      use(line, number);
  }
  return number;
}

/// `2026-11-23`, `2026-11-23T20:01:45.123Z`, `2026-11-23 20:01:45+01:00`: the day is enough. Nothing: not such a date.
[[nodiscard]] std::optional<Time> parse_day(std::string_view);
/// `Nov 23 20:01:45` of syslog: the last such day before `now`.
[[nodiscard]] std::optional<Time> parse_syslog_day(std::string_view, Time now);

[[nodiscard]] std::uint64_t read_postfix_log(std::string_view text, HistoryTally&);
[[nodiscard]] std::uint64_t read_exchange_tracking(std::string_view text, HistoryTally&);
[[nodiscard]] std::uint64_t read_tsv(std::string_view text, HistoryTally&);

}  // namespace zegel::check
