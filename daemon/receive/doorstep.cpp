#include "receive/doorstep.h"

#include <stdexcept>

namespace zegel::receive {
namespace {

net::TlsContext::Shared load_tls(const config::Server& server) {
  if (server.tls_certificate.empty() && server.tls_key.empty()) return nullptr;
  auto context = net::TlsContext::server(server.tls_certificate, server.tls_key);
  if (!context) throw std::runtime_error(context.error().why);
  return *context;
}

std::shared_ptr<const smtp::Terms> make_terms(const config::Settings& settings, bool tls) {
  const config::Server& server = settings.server;
  auto terms = std::make_shared<smtp::Terms>();
  terms->hostname = server.hostname;
  if (!settings.office.domains.empty()) terms->postmaster_domain = settings.office.domains.front();
  terms->message_size = server.message_size;
  terms->recipients = server.recipients;
  terms->tls = tls;
  terms->require_tls = server.require_tls;
  terms->auth = !server.users.empty();
  return terms;
}

}  // namespace

Doorstep::Doorstep(std::shared_ptr<const config::Settings> all)
    : settings(std::move(all)),
      trusted(settings->server.trusted),
      tls(load_tls(settings->server)),
      terms(make_terms(*settings, tls != nullptr)) {}

}  // namespace zegel::receive
