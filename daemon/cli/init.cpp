#include <cstdio>
#include <filesystem>
#include <string>

#include "cli/commands.h"
#include "cli/exits.h"
#include "cli/guise.h"
#include "config/load.h"
#include "config/reference.h"
#include "mail/mailbox.h"

namespace zegel::cli {

namespace {

std::string quoted(const std::string& text) { return "\"" + text + "\""; }

/// What to set on the office's mail server, so that it hands its mail to the gateway.
void print_instructions(const std::string& file, const std::string& domain) {
  std::printf(
      "wrote %s\n"
      "\n"
      "Now let the office's mail server send through Zegel (here on the same machine, port 10025):\n"
      "\n"
      "  Postfix        postconf -e 'relayhost = [127.0.0.1]:10025' && postfix reload\n"
      "  Exchange       New-SendConnector -Name Zegel -Usage Custom -AddressSpaces 'SMTP:*;1' \\\n"
      "                   -DNSRoutingEnabled $false -SmartHosts ZEGEL-HOST -Port 10025\n"
      "  Microsoft 365  an outbound connector to smart host ZEGEL-HOST and a transport rule; it sends to port 25\n"
      "                 only, so ZEGEL-HOST must be reachable there, with a certificate\n"
      "\n"
      "From another machine: put its address into server.trusted, and one of this machine into server.listen.\n"
      "All of it, with TLS: /usr/share/doc/zegel/docs/mail-servers.md. Bounces and passwords come back to "
      "office.relay.\n"
      "\n"
      "To test: zegel explain --from YOU@%s --to SOMEBODY says what would become of a mail and sends nothing.\n"
      "Once zegeld runs, send one from your mail program, and zegel trace its Message-ID.\n"
      "\n"
      "Next: zegel check --config %s\n",
      file.c_str(), domain.c_str(), file.c_str());
}

}  // namespace

int init(const NewOffice& office) {
  const auto domain = mail::parse_domain(office.domain);
  if (!domain) return complain(exit_usage, "--domain " + office.domain + ": " + domain.error().why);
  const std::string file = office.dir + "/zegel.toml";
  if (std::filesystem::exists(file))
    return complain(exit_data, file + " is there already; remove it first to begin anew");
  const std::string toml =
      config::sample({{"office.domains", "[" + quoted(*domain) + "]"}, {"delivery.relay", quoted(office.relay)}});
  if (const auto parsed = config::parse(toml, file, office.dir); !parsed) {
    for (const config::Problem& problem : parsed.error()) std::fprintf(stderr, "%s\n", problem.text().c_str());
    return exit_usage;
  }
  std::filesystem::create_directories(office.dir);
  write_file(file, toml);
  share_with_group(file);
  print_instructions(file, *domain);
  return exit_ok;
}

}  // namespace zegel::cli
