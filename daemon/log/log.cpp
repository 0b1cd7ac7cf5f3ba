#include "log/log.h"

#include <atomic>
#include <memory>
#include <mutex>
#include <utility>

#include <spdlog/logger.h>
#include <syslog.h>

#include "core/digest.h"
#include "core/text.h"
#include "log/gatherer.h"
#include "log/logfmt.h"
#include "log/outlet.h"
#include "log/outlet_sink.h"

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

/// Everything in one write: a line each would be a system call each. All of them passed the level.
void write_joined(spdlog::logger& logger, const std::vector<Gatherer::Line>& lines) {
  std::string all;
  for (const Gatherer::Line& line : lines) {
    if (!all.empty()) all += '\n';
    all += line.text;
  }
  logger.log(spdlog::level::info, all);
}

void write_each(spdlog::logger& logger, const std::vector<Gatherer::Line>& lines) {
  for (const Gatherer::Line& line : lines) logger.log(static_cast<spdlog::level::level_enum>(line.level), line.text);
}

/// Where lines gather, and where they go. At the end what waits is written, or given up where nobody takes it.
class Channel {
 public:
  explicit Channel(bool to_stderr)
      : to_stderr_(to_stderr),
        outlet_(to_stderr ? "" : _PATH_LOG),
        logger_("zegeld", std::make_shared<OutletSink>(outlet_)),
        gatherer_([this](const std::vector<Gatherer::Line>& lines, std::uint64_t dropped) {
          outlet_.lost(dropped);
          to_stderr_ ? write_joined(logger_, lines) : write_each(logger_, lines);
        }) {
    logger_.set_level(spdlog::level::trace);  // lines were weighed before they gathered
  }
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;
  ~Channel() { outlet_.hurry(); }

  [[nodiscard]] bool goes_to_stderr() const { return to_stderr_; }
  [[nodiscard]] std::uint64_t lost() const { return outlet_.ever_lost(); }
  void add(spdlog::level::level_enum level, std::string line) {
    gatherer_.add({level, std::move(line)}, level == spdlog::level::err);
  }

 private:
  bool to_stderr_;
  Outlet outlet_;
  spdlog::logger logger_;
  Gatherer gatherer_;  // last: its thread uses the rest
};

/// The process's one log. Swapped as a whole on reload; the channel stays where it can.
struct Target {
  spdlog::level::level_enum level = spdlog::level::info;
  config::LogAddresses addresses = config::LogAddresses::full;
  std::string hash_key;
  std::shared_ptr<Channel> channel;
};

std::mutex target_mutex;
std::shared_ptr<const Target> target;
std::function<void(const std::string&)> captured;
std::atomic<std::uint64_t> alarms = 0;

std::shared_ptr<const Target> current() {
  const std::lock_guard lock(target_mutex);
  return target;
}

}  // namespace

void open(const config::Log& settings, std::string_view hash_key) {
  std::shared_ptr<const Target> before = current();
  const bool same = before && before->channel->goes_to_stderr() == settings.to_stderr;
  auto fresh = std::make_shared<Target>();
  fresh->level = spdlog_level(static_cast<Level>(settings.level));
  fresh->addresses = settings.addresses;
  fresh->hash_key = hash_key;
  fresh->channel = same ? before->channel : std::make_shared<Channel>(settings.to_stderr);
  before = std::move(fresh);
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

Figures figures() {
  const auto where = current();
  return {.alarms = alarms, .lost = where ? where->channel->lost() : 0};
}

void capture(std::function<void(const std::string&)> sink) {
  const std::lock_guard lock(target_mutex);
  captured = std::move(sink);
}

Event::Event(std::string_view name, Level level) : level_(level), alarm_(name == "alarm"), line_("event=") {
  line_ += name;
}

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
  if (alarm_) ++alarms;
  {
    const std::lock_guard lock(target_mutex);
    if (captured) return captured(line_);
  }
  const auto where = current();
  const auto level = spdlog_level(level_);
  if (where && level >= where->level) where->channel->add(level, std::move(line_));
}

}  // namespace zegel::log
