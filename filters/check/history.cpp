#include "check/history.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "check/history_reader.h"
#include "core/text.h"
#include "mail/mailbox.h"

namespace zegel::check {

namespace {

constexpr std::size_t most_recipients = 5'000'000;
constexpr std::size_t most_problems = 100;
constexpr std::size_t looked_at = std::size_t{64} * 1024;

HistoryForm form_of(std::string_view text) {
  const std::string start = text::lower(text.substr(0, looked_at));
  if (start.contains("#fields:") || start.contains("event-id") || start.contains("eventid"))
    return HistoryForm::exchange_tracking;
  if (text.contains("to=<") && text.contains("status=")) return HistoryForm::postfix_log;
  return HistoryForm::tsv;
}

/// Folded, or empty.
std::string parsed(std::string_view recipient) {
  recipient = text::trim(recipient);
  if (recipient.contains('@')) {
    const auto mailbox = mail::parse_mailbox(recipient);
    return mailbox && mailbox->domain.contains('.') ? mail::folded(*mailbox) : std::string();
  }
  const auto domain = mail::parse_domain(recipient);
  return domain && domain->contains('.') ? *domain : std::string();
}

bool is_own(std::string_view recipient, const std::vector<std::string>& own) {
  const auto domain = recipient.substr(recipient.rfind('@') + 1);
  return std::ranges::find(own, domain) != own.end();
}

int number(std::string_view digits) {
  int value = -1;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return error == std::errc() && end == digits.data() + digits.size() ? value : -1;
}

std::optional<Time> day(int year, int month, int day_of_month) {
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day_of_month))};
  if (year < 1980 || year > 2200 || month < 1 || day_of_month < 1 || !date.ok()) return std::nullopt;
  return Time(std::chrono::sys_days(date));
}

}  // namespace

std::optional<Time> parse_day(std::string_view text) {
  if (text.size() < 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  if (text.size() > 10 && text[10] != 'T' && text[10] != ' ') return std::nullopt;
  return day(number(text.substr(0, 4)), number(text.substr(5, 2)), number(text.substr(8, 2)));
}

std::optional<Time> parse_syslog_day(std::string_view text, Time now) {
  static constexpr std::array<std::string_view, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                              "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  if (text.size() < 6 || text[3] != ' ') return std::nullopt;
  const auto month = std::ranges::find(months, text.substr(0, 3)) - months.begin();
  if (month == 12) return std::nullopt;
  const auto digits = text::trim(text.substr(4, 2));
  const std::chrono::year_month_day today(std::chrono::floor<std::chrono::days>(now));
  for (const int back : {0, 1, 4}) {  // 29 February may be four years away
    const auto found = day(static_cast<int>(today.year()) - back, static_cast<int>(month) + 1, number(digits));
    if (found && *found <= now + std::chrono::days(1)) return found;
  }
  return std::nullopt;
}

bool HistoryTally::add(std::string_view recipient, std::uint32_t mails, std::optional<Time> last) {
  std::string text = parsed(recipient);
  if (text.empty()) return false;
  ++deliveries_;
  if (is_own(text, options_.own_domains)) return true;
  if (found_.size() >= most_recipients && !found_.contains(text)) return true;
  const bool recent = !last || *last >= options_.now - options_.window;
  auto& past = found_[text];
  past.text = std::move(text);
  past.last = std::max(past.last, last);
  if (recent) past.mails += std::min(mails, 0xFFFFFFFFU - past.mails);
  return true;
}

void HistoryTally::problem(std::uint64_t line, std::string what, std::string mend) {
  if (problems_.size() >= most_problems) return;
  problems_.push_back({static_cast<std::uint32_t>(line), 1, std::move(what), std::move(mend), false});
}

History HistoryTally::finish(HistoryForm form, std::uint64_t lines) {
  History history{
      .form = form, .recipients = {}, .problems = std::move(problems_), .lines = lines, .deliveries = deliveries_};
  history.recipients.reserve(found_.size());
  for (auto& [text, past] : found_) history.recipients.push_back(std::move(past));
  std::ranges::sort(history.recipients, {}, &PastRecipient::text);
  return history;
}

Result<History> parse_history(std::string_view text, const HistoryOptions& options) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  const HistoryForm form = form_of(text);
  HistoryTally tally(options);
  const std::uint64_t lines = form == HistoryForm::postfix_log         ? read_postfix_log(text, tally)
                              : form == HistoryForm::exchange_tracking ? read_exchange_tracking(text, tally)
                                                                       : read_tsv(text, tally);
  History history = tally.finish(form, lines);
  if (history.deliveries == 0) {
    return fail(
        "no recipient in it; expected a Postfix mail.log with status=sent lines, an Exchange message tracking CSV, "
        "or lines of recipient<TAB>mails[<TAB>last-date]");
  }
  return history;
}

Entry entry_of(const PastRecipient& past) {
  return {.what = past.text.contains('@') ? Entry::What::address : Entry::What::domain,
          .text = past.text,
          .mails = past.mails,
          .source = Source::history};
}

}  // namespace zegel::check
