#include "log/log.h"

#include <memory>
#include <mutex>

#include <spdlog/async.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/sinks/syslog_sink.h>
#include <syslog.h>

#include "core/digest.h"
#include "core/text.h"
#include "log/logfmt.h"

namespace zegel::log {

namespace {

/// Lines that may wait for a slow syslog; the oldest are dropped beyond that, the mail path never waits.
constexpr std::size_t waiting_lines = 16'384;

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
  if (to_stderr) return std::make_shared<spdlog::sinks::stderr_sink_mt>();
  return std::make_shared<spdlog::sinks::syslog_sink_mt>("zegeld", LOG_PID, LOG_MAIL, false);
}

/// The process's one log. Swapped as a whole on reload.
struct Target {
  std::shared_ptr<spdlog::details::thread_pool> pool;
  std::shared_ptr<spdlog::logger> logger;
  config::LogAddresses addresses = config::LogAddresses::full;
  std::string hash_key;
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
  auto fresh = std::make_shared<Target>();
  fresh->pool = std::make_shared<spdlog::details::thread_pool>(waiting_lines, 1);
  fresh->logger = std::make_shared<spdlog::async_logger>("zegeld", make_sink(settings.to_stderr), fresh->pool,
                                                         spdlog::async_overflow_policy::overrun_oldest);
  fresh->logger->set_pattern("%v");
  fresh->logger->set_level(spdlog_level(settings.level));
  fresh->addresses = settings.addresses;
  fresh->hash_key = hash_key;
  const std::lock_guard lock(target_mutex);
  target = std::move(fresh);
}

void close() {
  std::shared_ptr<const Target> last;
  {
    const std::lock_guard lock(target_mutex);
    last.swap(target);
  }
  // The pool's thread writes what waits before it ends with the last owner.
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
  if (const auto where = current()) where->logger->log(spdlog_level(level_), line_);
}

}  // namespace zegel::log
