#include "log/log.h"

#include <memory>
#include <mutex>
#include <utility>

#include <paths.h>

#include "core/digest.h"
#include "core/text.h"
#include "log/gatherer.h"
#include "log/logfmt.h"
#include "log/outlet.h"

namespace zegel::log {

namespace {

Severity severity_of(Level level) {
  switch (level) {
    case Level::debug:
      return Severity::debug;
    case Level::info:
      return Severity::info;
    case Level::warning:
      return Severity::warning;
    case Level::error:
      return Severity::error;
  }
  return Severity::info;
}

/// Everything in one write: a line each would be a system call each.
void write_joined(Outlet& outlet, const std::vector<Gatherer::Line>& lines) {
  std::string all;
  for (const Gatherer::Line& line : lines) {
    if (!all.empty()) all += '\n';
    all += line.text;
  }
  outlet.write(Severity::info, all, lines.size());
}

void write_each(Outlet& outlet, const std::vector<Gatherer::Line>& lines) {
  for (const Gatherer::Line& line : lines) outlet.write(severity_of(static_cast<Level>(line.level)), line.text);
}

/// Where lines gather, and where they go. At the end what waits is written, or given up where nobody takes it.
class Channel {
 public:
  explicit Channel(bool to_stderr)
      : to_stderr_(to_stderr),
        outlet_(to_stderr ? "" : _PATH_LOG),
        gatherer_([this](const std::vector<Gatherer::Line>& lines, std::uint64_t dropped) {
          outlet_.lost(dropped);
          to_stderr_ ? write_joined(outlet_, lines) : write_each(outlet_, lines);
        }) {}
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;
  ~Channel() { outlet_.hurry(); }

  [[nodiscard]] bool goes_to_stderr() const { return to_stderr_; }
  void add(Level level, std::string line) {
    gatherer_.add({static_cast<int>(level), std::move(line)}, level == Level::error);
  }

 private:
  bool to_stderr_;
  Outlet outlet_;
  Gatherer gatherer_;  // last: its thread uses the rest
};

/// The process's one log. Swapped as a whole on reload; the channel stays where it can.
struct Target {
  config::LogLevel level = config::LogLevel::info;
  config::LogAddresses addresses = config::LogAddresses::full;
  std::string hash_key;
  std::shared_ptr<Channel> channel;
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
  std::shared_ptr<const Target> before = current();
  const bool same = before && before->channel->goes_to_stderr() == settings.to_stderr;
  auto fresh = std::make_shared<Target>();
  fresh->level = settings.level;
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
  if (where && static_cast<int>(level_) >= static_cast<int>(where->level))
    where->channel->add(level_, std::move(line_));
}

}  // namespace zegel::log
