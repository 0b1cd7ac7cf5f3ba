#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "check/allowlist.h"
#include "check/index.h"
#include "core/result.h"
#include "core/time.h"

namespace zegel::check {

/// A recipient that mail went to in the past.
struct PastRecipient {
  std::string text;  ///< folded address, or a domain alone (A-labels)
  std::uint32_t mails = 0;
  std::optional<Time> last;  ///< nothing: the history does not say
  friend bool operator==(const PastRecipient&, const PastRecipient&) = default;
};

enum class HistoryForm { postfix_log, exchange_tracking, tsv };

struct History {
  HistoryForm form = HistoryForm::tsv;
  std::vector<PastRecipient> recipients;  ///< each once, mails added up, ordered by text
  std::vector<Problem> problems;          ///< lines that were left out, at most 100
  std::uint64_t lines = 0;                ///< read
  std::uint64_t deliveries = 0;           ///< found, before adding up
};

/// How to read a history.
struct HistoryOptions {
  /// The time now: dates without a year (syslog) are the last such day before it, and only the 90 days before it count.
  Time now;
  /// Deliveries to the office's own domains are left out (folded A-labels).
  std::vector<std::string> own_domains = {};
  seconds window = std::chrono::days(90);
};

/// Takes over what went out before Zegel came. The form is told by the content:
/// * Postfix `mail.log`: `to=<…>` with `status=sent` of smtp, lmtp and relay (not local, virtual, pipe or error);
/// * Exchange message tracking CSV (`#Fields:` line, or the header line of Get-MessageTrackingLog | Export-Csv): events
///   SEND and SENDEXTERNAL; `recipient-address` parts by `;`;
/// * TSV `recipient<TAB>mails[<TAB>last-date]`; a header line, if any, names the columns (recipient, address or domain;
///   mails or mails_90d; last-date), others are passed over. mails count as given unless the last date is too old.
/// A domain alone is a recipient too. What the window excludes counts as known with 0 mails.
/// Error: none of these forms, or no recipient at all. Bounded: lines over 64 KB are problems; 5,000,000 recipients.
[[nodiscard]] Result<History> parse_history(std::string_view text, const HistoryOptions&);

/// What the index takes.
[[nodiscard]] Entry entry_of(const PastRecipient&);

}  // namespace zegel::check
