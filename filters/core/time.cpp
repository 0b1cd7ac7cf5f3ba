#include "core/time.h"

#include <array>
#include <charconv>
#include <cstdio>
#include <iterator>

namespace zegel {

namespace {

struct Unit {
  char letter;
  long long in_seconds;
};
constexpr Unit units[] = {{'w', 604'800}, {'d', 86'400}, {'h', 3'600}, {'m', 60}, {'s', 1}};
constexpr long long longest = 100LL * 365 * 86'400;

struct Civil {
  std::chrono::year_month_day date;
  std::chrono::weekday weekday;
  std::chrono::hh_mm_ss<seconds> time;
};

Civil civil(Time t) {
  const auto day = std::chrono::floor<std::chrono::days>(t);
  return {std::chrono::year_month_day(day), std::chrono::weekday(day),
          std::chrono::hh_mm_ss<seconds>(std::chrono::floor<seconds>(t - day))};
}

}  // namespace

std::string mail_date(Time t) {
  static constexpr const char* days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr const char* months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                           "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const Civil c = civil(t);
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%s, %u %s %04d %02d:%02d:%02d +0000", days[c.weekday.c_encoding()],
                static_cast<unsigned>(c.date.day()), months[static_cast<unsigned>(c.date.month()) - 1],
                static_cast<int>(c.date.year()), static_cast<int>(c.time.hours().count()),
                static_cast<int>(c.time.minutes().count()), static_cast<int>(c.time.seconds().count()));
  return text.data();
}

std::string iso_time(Time t) {
  const Civil c = civil(t);
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02dZ", static_cast<int>(c.date.year()),
                static_cast<unsigned>(c.date.month()), static_cast<unsigned>(c.date.day()),
                static_cast<int>(c.time.hours().count()), static_cast<int>(c.time.minutes().count()),
                static_cast<int>(c.time.seconds().count()));
  return text.data();
}

Result<seconds> parse_duration(std::string_view text) {
  const auto bad = [&] {
    return fail("\"" + std::string(text) + "\" is not a time; write a whole number and s, m, h, d or w, as in \"30m\"");
  };
  long long number = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || number < 0 || rest + 1 != text.data() + text.size()) return bad();
  for (const Unit& unit : units) {
    if (unit.letter != *rest) continue;
    if (number > longest / unit.in_seconds) return bad();
    return seconds(number * unit.in_seconds);
  }
  return bad();
}

std::string duration_text(seconds duration) {
  for (const Unit& unit : units) {
    if (unit.letter == 'w' || duration.count() % unit.in_seconds != 0 || duration.count() < unit.in_seconds) continue;
    return std::to_string(duration.count() / unit.in_seconds) + unit.letter;
  }
  return std::to_string(duration.count()) + 's';
}

}  // namespace zegel
