#include "reload.h"

#include <exception>
#include <string>
#include <utility>

#include <boost/asio/post.hpp>

namespace zegel {

namespace asio = boost::asio;

Reload::Reload(asio::io_context& io, Steps steps) : io_(io), steps_(std::move(steps)) {}

void Reload::ask(Done done) {
  if (over_) return done(false);
  asked_.push_back(std::move(done));
  if (!busy_) start();
}

void Reload::start() {
  busy_ = true;
  under_way_ = std::exchange(asked_, {});
  steps_.begin();
  asio::post(thread_, [this] { load(); });
}

void Reload::load() {
  try {
    asio::post(io_, [this, fresh = steps_.load()] { put_in_force(fresh); });
  } catch (const std::exception& error) {
    asio::post(io_, [this, why = std::string(error.what())] { finish(why); });
  }
}

void Reload::put_in_force(const Fresh& fresh) {
  try {
    steps_.put_in_force(fresh);
  } catch (const std::exception& error) { return finish(error.what()); }
  asio::post(thread_, [this, mine = Fresh(fresh)]() mutable {
    steps_.settle(std::move(mine));
    asio::post(io_, [this] { finish({}); });
  });
}

void Reload::finish(const std::string& why) {
  steps_.end(why);
  busy_ = false;
  for (const Done& done : std::exchange(under_way_, {})) done(why.empty());
  if (!asked_.empty() && !busy_) start();
}

void Reload::abandon() {
  over_ = true;
  thread_.join();
  for (const Done& done : std::exchange(under_way_, {})) done(false);
  for (const Done& done : std::exchange(asked_, {})) done(false);
}

}  // namespace zegel
