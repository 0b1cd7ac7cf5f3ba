#include "log/log.h"

#include <memory>
#include <mutex>
#include <utility>

#include <spdlog/logger.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/sinks/syslog_sink.h>
#include <syslog.h>

#include "core/digest.h"
#include "core/text.h"
#include "log/gatherer.h"
#include "log/logfmt.h"

namespace zegel::log {

namespace {

spdlog::level::level_enum spdlog_level(Level level) {
  switch (level) {
    case Level::debug:
      return spdlog::level::debug;
    case Level::info:
      return spdlog::level::info;
    case Level::warning:
      return spdlog::level::warn;
    case Level::error:
      return spdlog::level::err;
  }
  return spdlog::level::info;
}

spdlog::level::level_enum spdlog_level(config::LogLevel level) { return spdlog_level(static_cast<Level>(level)); }

std::shared_ptr<spdlog::sinks::sink> make_sink(bool to_stderr) {
  if (to_stderr) return std::make_shared<spdlog::sinks::stderr_sink_st>();
  return std::make_shared<spdlog::sinks::syslog_sink_st>("zegeld", LOG_PID, LOG_MAIL, false);
}

/// Everything in one write: a line each would be a system call each.
void write_joined(spdlog::logger& logger, const std::vector<Gatherer::Line>& lines) {
  std::string all;
  for (const Gatherer::Line& line : lines) {
    if (!all.empty()) all += '\n';
    all += line.text;
  }
  logger.log(spdlog::level::critical, all);  // they all passed the level; the pattern does not show it
}

void write_each(spdlog::logger& logger, const std::vector<Gatherer::Line>& lines) {
  for (const Gatherer::Line& line : lines) logger.log(static_cast<spdlog::level::level_enum>(line.level), line.text);
}

Gatherer::Write writing(std::shared_ptr<spdlog::logger> logger, bool to_stderr) {
  return [logger = std::move(logger), to_stderr](const std::vector<Gatherer::Line>& lines, std::uint64_t dropped) {
    if (dropped > 0) logger->log(spdlog::level::warn, "event=log-overrun dropped={}", dropped);
    if (to_stderr) return write_joined(*logger, lines);
    write_each(*logger, lines);
  };
}

/// The process's one log. Swapped as a whole on reload.
struct Target {
  spdlog::level::level_enum level = spdlog::level::info;
  config::LogAddresses addresses = config::LogAddresses::full;
  std::string hash_key;
  std::unique_ptr<Gatherer> gatherer;
};

std::mutex target_mutex;
std::shared_ptr<const Target> target;
std::function<void(const std::string&)> captured;

std::shared_ptr<const Target> current() {
  const std::lock_guard lock(target_mutex);
  return target;
}

}  // namespace

void open(const config::Log& settings, std::string_view hash_key) {
  auto logger = std::make_shared<spdlog::logger>("zegeld", make_sink(settings.to_stderr));
  logger->set_pattern("%v");
  logger->set_level(spdlog::level::trace);
  auto fresh = std::make_shared<Target>();
  fresh->gatherer = std::make_unique<Gatherer>(writing(std::move(logger), settings.to_stderr));
  fresh->level = spdlog_level(settings.level);
  fresh->addresses = settings.addresses;
  fresh->hash_key = hash_key;
  std::shared_ptr<const Target> before = std::move(fresh);
  const std::lock_guard lock(target_mutex);
  target.swap(before);
}

void close() {
  std::shared_ptr<const Target> last;
  {
    const std::lock_guard lock(target_mutex);
    last.swap(target);
  }
  // The gatherer writes what waits before it ends with the last owner.
}

void capture(std::function<void(const std::string&)> sink) {
  const std::lock_guard lock(target_mutex);
  captured = std::move(sink);
}

Event::Event(std::string_view name, Level level) : level_(level), line_("event=") { line_ += name; }

Event& Event::field(std::string_view key, std::string_view value) {
  line_ += ' ';
  line_ += key;
  line_ += '=';
  line_ += logfmt_value(value);
  return *this;
}

Event& Event::address(std::string_view key, std::string_view address) {
  const auto where = current();
  if (!where) return field(key, address);
  return field(key, shorten_address(address, where->addresses, where->hash_key));
}

void Event::send() {
  {
    const std::lock_guard lock(target_mutex);
    if (captured) return captured(line_);
  }
  const auto where = current();
  const auto level = spdlog_level(level_);
  if (where && level >= where->level) where->gatherer->add({level, std::move(line_)}, level_ == Level::error);
}

}  // namespace zegel::log
