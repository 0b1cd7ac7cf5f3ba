#include "config/address.h"
#include "config/form.h"
#include "core/text.h"
#include "mail/mailbox.h"

namespace zegel::config {

namespace {

/// A string that `parse` turns into a T.
template <class T>
Form<T> parsed(const std::string& wanted, Result<T> (*parse)(std::string_view), std::string (*shown)(const T&)) {
  const auto read = [=](const Node& node, Reading& reading) -> std::optional<T> {
    const auto* written = node.as<std::string>();
    if (written == nullptr) return reading.wrong_type(node, wanted), std::nullopt;
    auto value = parse(*written);
    if (value) return std::move(*value);
    reading.bad(node, value.error().why);
    return std::nullopt;
  };
  return {wanted, read, [shown](const T& value) { return quote(shown(value)); }};
}

std::string itself(const std::string& text) { return text; }
std::string text_of(const HostPort& at) { return at.text(); }

Result<std::string> parse_office_domain(std::string_view text) {
  const auto domain = mail::parse_domain(text);
  if (!domain) return fail(quote(text) + " is not a domain; write it as in \"kantoor.nl\"");
  return *domain;
}

/// As `form`, but empty text means none.
Form<std::string> or_none(const Form<std::string>& form) {
  const auto read = [form](const Node& node, Reading& reading) -> std::optional<std::string> {
    const auto* written = node.as<std::string>();
    if (written != nullptr && written->empty()) return std::string();
    return form.read(node, reading);
  };
  return {form.wanted, read, form.show};
}

}  // namespace

Form<std::string> domain() { return parsed("a domain, as in \"kantoor.nl\"", parse_office_domain, itself); }

Form<std::string> host() { return or_none(parsed("a machine's name, as in \"mail.kantoor.nl\"", parse_host, itself)); }

Form<HostPort> host_port() { return parsed("host:port, as in \"smtp.provider.nl:587\"", parse_host_port, text_of); }

Form<HostPort> listen_at() { return parsed("address:port, as in \"127.0.0.1:10025\"", parse_listen, text_of); }

Form<Network> network() {
  return parsed<Network>("a network, as in \"192.0.2.0/24\"", parse_network,
                         [](const Network& network) { return network.text; });
}

Form<Pattern> pattern() {
  return parsed<Pattern>("\"jan@x.nl\", \"x.nl\", \".x.nl\" (its subdomains) or \"*\"", parse_pattern,
                         [](const Pattern& pattern) { return pattern.text; });
}

}  // namespace zegel::config
