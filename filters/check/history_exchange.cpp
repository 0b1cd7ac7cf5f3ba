#include <algorithm>
#include <vector>

#include "check/history_reader.h"
#include "core/text.h"

namespace zegel::check {

namespace {

constexpr std::size_t most_fields = 200;

/// One line of RFC 4180: fields parted by commas, quotes doubled inside quotes.
std::vector<std::string> csv_fields(std::string_view line) {
  std::vector<std::string> fields(1);
  bool quoted = false;
  for (std::size_t i = 0; i < line.size() && fields.size() < most_fields; ++i) {
    const char c = line[i];
    if (c == '"' && quoted && i + 1 < line.size() && line[i + 1] == '"') {
      fields.back() += line[++i];
    } else if (c == '"') {
      quoted = !quoted;
    } else if (c == ',' && !quoted) {
      fields.emplace_back();
    } else {
      fields.back() += c;
    }
  }
  return fields;
}

/// Where the columns are; both spellings of their names.
struct Columns {
  std::size_t time = npos, event = npos, recipients = npos;
  static constexpr std::size_t npos = most_fields;

  [[nodiscard]] bool complete() const { return event != npos && recipients != npos; }
  static Columns of(std::string_view header) {
    const auto names = csv_fields(text::lower(header));
    const auto find = [&](std::string_view one, std::string_view other) {
      const auto found = std::ranges::find_if(names, [&](const auto& name) {
        const auto plain = text::trim(name);
        return plain == one || plain == other;
      });
      return found == names.end() ? npos : static_cast<std::size_t>(found - names.begin());
    };
    return {find("date-time", "timestamp"), find("event-id", "eventid"), find("recipient-address", "recipients")};
  }
};

std::string_view field(const std::vector<std::string>& fields, std::size_t at) {
  return at < fields.size() ? text::trim(fields[at]) : std::string_view();
}

void count(const std::vector<std::string>& fields, const Columns& columns, std::uint64_t number, HistoryTally& tally) {
  const std::string event = text::upper(field(fields, columns.event));
  if (event != "SEND" && event != "SENDEXTERNAL") return;
  std::string recipients(field(fields, columns.recipients));
  std::ranges::replace_if(recipients, [](char c) { return c == '{' || c == '}' || c == ','; }, ';');
  const auto time = parse_day(field(fields, columns.time));
  for (const auto recipient : text::split(recipients, ';')) {
    if (text::trim(recipient).empty()) continue;
    if (!tally.add(recipient, 1, time)) tally.problem(number, "a recipient that is not an address", "it was left out");
  }
}

}  // namespace

std::uint64_t read_exchange_tracking(std::string_view text, HistoryTally& tally) {
  constexpr std::string_view fields_line = "#Fields:";
  Columns columns;
  return each_line(text, tally, [&](std::string_view line, std::uint64_t number) {
    if (text::starts_with_folded(line, fields_line)) {
      columns = Columns::of(line.substr(fields_line.size()));
    } else if (line.empty() || line.starts_with('#')) {
      return;
    } else if (!columns.complete()) {
      columns = Columns::of(line);
    } else {
      count(csv_fields(line), columns, number, tally);
    }
  });
}

}  // namespace zegel::check
