#include "send/terms.h"

#include <stdexcept>
#include <utility>

#include "core/secret_file.h"
#include "core/text.h"

namespace zegel::send {

namespace {

Secret first_line(const std::string& path) {
  const auto bytes = read_secret(path);
  if (!bytes || bytes->empty()) { throw std::runtime_error(path + " cannot be read; delivery.password_file names it"); }
  return Secret(std::string(text::trim(bytes->reveal().substr(0, bytes->reveal().find('\n')))));
}

}  // namespace

std::shared_ptr<const Terms> make_terms(std::shared_ptr<const config::Settings> settings, std::uint16_t mx_port) {
  auto terms = std::make_shared<Terms>();
  terms->mx_port = mx_port;
  auto tls = net::TlsContext::client(settings->delivery.ca_file);
  if (!tls) throw std::runtime_error(tls.error().why);
  terms->tls = std::move(*tls);
  terms->login.user = settings->delivery.user;
  if (!settings->delivery.password_file.empty()) terms->login.password = first_line(settings->delivery.password_file);
  terms->settings = std::move(settings);
  return terms;
}

}  // namespace zegel::send
