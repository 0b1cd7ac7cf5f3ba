#include "send/dispatcher.h"

#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include "send/surroundings.h"
#include "send/terms.h"
#include "send/work.h"

namespace zegel::send {

namespace asio = boost::asio;

Dispatcher::Dispatcher(asio::io_context& io, std::shared_ptr<const config::Settings> settings, store::Store& store)
    : Dispatcher(io, std::move(settings), store, Surroundings{}) {}

Dispatcher::Dispatcher(asio::io_context& io, std::shared_ptr<const config::Settings> settings, store::Store& store,
                       Surroundings around)
    : work_(std::make_shared<Work>(io, make_terms(std::move(settings), around.mx_port), store, around)) {}

Dispatcher::~Dispatcher() = default;

void Dispatcher::start() { work_->start(); }

std::shared_ptr<const Terms> Dispatcher::terms_of(std::shared_ptr<const config::Settings> settings) const {
  return make_terms(std::move(settings), work_->mx_port());
}

void Dispatcher::reload(std::shared_ptr<const Terms> terms) { work_->renew(std::move(terms)); }

void Dispatcher::stop(std::function<void()> done) { work_->stop(std::move(done)); }

Dispatcher::Figures Dispatcher::figures() const { return work_->figures(); }

}  // namespace zegel::send
