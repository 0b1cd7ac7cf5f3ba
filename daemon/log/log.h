#pragma once

#include <concepts>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/settings.h"

/// One logfmt line per event: `event=received id=REF client=127.0.0.1 …`. Never blocks the mail path; foreign text is
/// escaped; persons' addresses are shortened as log.addresses says.
namespace zegel::log {

enum class Level { debug, info, warning, error };

/// One event under construction: `log::Event("sent").id(ref).address("to", a).field("relay", r).send();`
class Event {
 public:
  explicit Event(std::string_view name, Level = Level::info);
  Event& id(std::string_view reference) { return field("id", reference); }
  /// A value that is no mail address; quoted and escaped where it must be.
  Event& field(std::string_view key, std::string_view value);
  template <std::integral N>
  Event& field(std::string_view key, N value) {
    return field(key, std::string_view(std::to_string(value)));
  }
  /// A mail address: full, domain only, or hashed, as log.addresses says.
  Event& address(std::string_view key, std::string_view address);
  /// Writes the line. Without this call nothing is logged.
  void send();

 private:
  Level level_;
  bool alarm_;
  std::string line_;
};

/// Where lines go from now on. Called at start and on reload; thread-safe.
void open(const config::Log&, std::string_view hash_key);
/// Writes out what waits. Before exit.
void close();

/// Since the process began.
struct Figures {
  std::uint64_t alarms = 0;  ///< lines of `event=alarm`
  std::uint64_t lost = 0;    ///< lines dropped because syslog was too slow
};
[[nodiscard]] Figures figures();

/// For tests: every line goes to this sink instead (null: back to normal).
void capture(std::function<void(const std::string&)> sink);

}  // namespace zegel::log
