// How fast a rule is found: decisions a second over policies of 10 to 10,000 rules.
#include <chrono>
#include <cstdio>
#include <cstring>
#include <string>

#include "config/load.h"
#include "decide/decide.h"

namespace {

using namespace zegel;

class NoKeys : public decide::Directory {
 public:
  [[nodiscard]] std::vector<decide::Candidate> certificates(const mail::Mailbox&, Time) const override { return {}; }
  [[nodiscard]] std::vector<decide::Candidate> domain_certificates(const mail::Mailbox&, Time) const override {
    return {};
  }
  [[nodiscard]] std::vector<decide::Candidate> pgp_keys(const mail::Mailbox&, Time) const override { return {}; }
  [[nodiscard]] decide::Agreed agreed_password(const mail::Mailbox&, Time) const override {
    return decide::Agreed::none;
  }
  [[nodiscard]] std::string unreadable(Method) const override { return {}; }
  [[nodiscard]] bool can_sign(Method, const mail::Mailbox&, Time) const override { return false; }
};

std::string policy_of(int rules) {
  std::string toml =
      "[office]\ndomains = [\"kantoor.nl\"]\n[server]\nlisten = [\"127.0.0.1:0\"]\n[delivery]\nrelay = \"r.nl:25\"\n";
  for (int i = 0; i < rules; ++i) {
    const std::string name = "klant" + std::to_string(i) + ".nl";
    toml += "[[protect.rule]]\nto = [\"" + name + "\", \"." + name + "\", \"jan@" + name + "\"]\nmethods = [\"zip\"]\n";
  }
  return toml;
}

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

void measure(int rules, double at_least) {
  const auto loading = std::chrono::steady_clock::now();
  const auto settings = config::parse(policy_of(rules), "zegel.toml", "/");
  const double load = seconds_since(loading);
  if (!settings) throw std::runtime_error(settings.error().at(0).text());
  const mail::Envelope envelope{.from = mail::parse_mailbox("piet@kantoor.nl").value(),
                                .to = {{.mailbox = mail::parse_mailbox("els@klant7.nl").value()}}};
  const NoKeys keys;
  long decisions = 0;
  const auto start = std::chrono::steady_clock::now();
  while (seconds_since(start) < at_least) {
    for (int i = 0; i < 100; ++i)
      decisions += static_cast<long>(decide::decide(envelope, {}, *settings, keys, Time()).decisions.size());
  }
  const double rate = static_cast<double>(decisions) / seconds_since(start);
  std::printf("%8d %12.1f %16.0f %12.2f\n", rules, load * 1e3, rate, 1e6 / rate);
}

}  // namespace

int main(int argc, char** argv) {
  const bool quick = argc > 1 && std::strcmp(argv[1], "--quick") == 0;
  std::printf("%8s %12s %16s %12s\n", "rules", "load (ms)", "decisions/s", "us each");
  for (const int rules : {10, 100, 1'000, 10'000}) measure(rules, quick ? 0.1 : 1.0);
}
