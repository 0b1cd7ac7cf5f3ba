#include "heartbeat.h"

#include <utility>

#include <boost/asio/post.hpp>

#include "service.h"

namespace zegel {

namespace asio = boost::asio;

namespace {

constexpr std::chrono::seconds between_looks{5};
constexpr int beats_a_period = 3;

}  // namespace

Heartbeat::Heartbeat(asio::io_context& io, std::function<void(std::function<void()>)> work,
                     std::function<std::string()> figures)
    : io_(io),
      work_(std::move(work)),
      figures_(std::move(figures)),
      beat_(io),
      look_(io),
      every_(service::watchdog_period()) {}

void Heartbeat::start() {
  if (every_) beat();
  if (service::is_listening()) look();
}

void Heartbeat::beat() {
  service::alive();
  beat_.expires_after(*every_ / beats_a_period);
  beat_.async_wait([this](const boost::system::error_code& error) {
    if (!error) beat();
  });
}

/// The next look is planned once this one has its answer: a store that hangs does not pile up looks.
void Heartbeat::look() {
  work_([this] {
    asio::post(io_, [this, figures = figures_()] {
      last_figures_ = figures;
      tell();
      look_.expires_after(between_looks);
      look_.async_wait([this](const boost::system::error_code& error) {
        if (!error) look();
      });
    });
  });
}

void Heartbeat::say(std::string headline) {
  headline_ = std::move(headline);
  tell();
}

void Heartbeat::tell() {
  std::string status = last_figures_.empty() ? headline_ : headline_ + "; " + last_figures_;
  if (status == told_) return;
  service::status(status);
  told_ = std::move(status);
}

}  // namespace zegel
