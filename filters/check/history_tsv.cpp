#include <algorithm>
#include <array>
#include <charconv>

#include "check/history_reader.h"
#include "core/text.h"

namespace zegel::check {

namespace {

struct Columns {
  std::size_t recipient = 0;
  std::size_t mails = 1;
  std::size_t last = 2;
};

constexpr std::array<std::string_view, 5> recipient_names = {"recipient", "address", "domain", "email", "e-mail"};
constexpr std::array<std::string_view, 4> mails_names = {"mails", "mails_90d", "count", "messages"};
constexpr std::array<std::string_view, 4> last_names = {"last-date", "last_date", "last", "date"};
constexpr std::size_t nowhere = 1'000;

template <std::size_t N>
std::size_t column(const std::vector<std::string_view>& names, const std::array<std::string_view, N>& wanted) {
  for (std::size_t i = 0; i < names.size(); ++i) {
    const std::string name = text::lower(text::trim(names[i]));
    if (std::ranges::find(wanted, name) != wanted.end()) return i;
  }
  return nowhere;
}

std::string_view field(const std::vector<std::string_view>& fields, std::size_t at) {
  return at < fields.size() ? text::trim(fields[at]) : std::string_view();
}

std::optional<std::uint32_t> mails_of(std::string_view digits) {
  if (digits.empty()) return 1;
  std::uint32_t mails = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), mails);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return mails;
}

}  // namespace

std::uint64_t read_tsv(std::string_view text, HistoryTally& tally) {
  Columns columns;
  bool first = true;
  return each_line(text, tally, [&](std::string_view line, std::uint64_t number) {
    if (text::trim(line).empty() || line.starts_with('#')) return;
    const auto fields = text::split(line, '\t');
    const bool header = first && column(fields, recipient_names) != nowhere;
    first = false;
    if (header) {
      columns = {column(fields, recipient_names), column(fields, mails_names), column(fields, last_names)};
      return;
    }
    const auto mails = mails_of(field(fields, columns.mails));
    if (!mails)
      return tally.problem(number, "the second column is not a number of mails",
                           "write recipient<TAB>mails[<TAB>last-date]");
    if (!tally.add(field(fields, columns.recipient), *mails, parse_day(field(fields, columns.last)))) {
      tally.problem(number, "neither an address nor a domain", "write recipient<TAB>mails[<TAB>last-date]");
    }
  });
}

}  // namespace zegel::check
