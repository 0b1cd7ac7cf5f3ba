#include "send/terms.h"

#include <fstream>
#include <sstream>
#include <stdexcept>
#include <utility>

#include "core/text.h"

namespace zegel::send {

namespace {

Secret first_line(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  if (!std::getline(file, line)) throw std::runtime_error(path + " cannot be read; delivery.password_file names it");
  Secret password{std::string(text::trim(line))};
  wipe(line.data(), line.size());
  return password;
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
