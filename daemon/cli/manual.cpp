#include "cli/manual.h"

#include <CLI/CLI.hpp>

#include "cli/grammar.h"
#include "cli/roff.h"
#include "config/reference.h"

namespace zegel::cli {

namespace {

using roff::heading;
using roff::item;
using roff::paragraph;

std::string exit_codes() {
  return heading("EXIT STATUS") + paragraph("As in sysexits.h:") + item("0", "done; nothing is wrong.") +
         item("64", "the words of the command are wrong.") + item("65", "what was given is not what it should be.") +
         item("66", "there is no such file, message, key or entry.") +
         item("69", "the daemon or another service is not there.") + item("75", "not now: try again later.") +
         item("77", "you may not do this.") + item("78", "the config is wrong.");
}

std::string files() {
  return heading("FILES") + item("/etc/zegel/zegel.toml", "the config, see `zegel.toml`(5).") +
         item("/var/lib/zegel", "the store: queue, held mail, learned recipients, audit.") +
         item("/run/zegel/admin.sock", "where `zegel` talks to the daemon.");
}

std::string see_also(std::string_view pages) { return heading("SEE ALSO") + paragraph(pages); }

void add_commands(std::string& page, const CLI::App& app, const std::string& words) {
  const auto commands = visible_commands(app);
  if (commands.empty() || app.get_require_subcommand_min() == 0) {
    std::string line = words;
    for (const CLI::Option* option : own_options(app)) line += " " + usage(*option);
    page += item(line, app.get_description() + ".");
    for (const CLI::Option* option : own_options(app)) {
      if (!option->get_positional() && !option->get_description().empty())
        page += ".RS\n" + item(option->get_name(), option->get_description() + ".") + ".RE\n";
    }
  }
  for (const CLI::App* command : commands) add_commands(page, *command, words + " " + command->get_name());
}

}  // namespace

std::string manual_of_commands(const CLI::App& zegel) {
  std::string page =
      roff::title("ZEGEL", 1, ZEGEL_VERSION) + heading("NAME") + "zegel \\- " +
      roff::text("administers Zegel, the outbound e-mail encryption gateway") + "\n" + heading("SYNOPSIS") +
      paragraph("`zegel` [--config FILE] [--json] COMMAND …") + heading("DESCRIPTION") +
      paragraph(
          "Everything that an administrator does by hand. Commands about mail ask the running daemon; "
          "where none runs they open its store themselves.") +
      heading("OPTIONS") +
      item("--config FILE",
           "the config; else what the environment variable ZEGEL_CONFIG says, else /etc/zegel/zegel.toml.") +
      item("--json", "answer in JSON, wherever something is listed.") +
      item("--help", "on every level: what there is.") + heading("COMMANDS");
  for (const CLI::App* command : visible_commands(zegel)) add_commands(page, *command, "zegel " + command->get_name());
  return page + exit_codes() + files() + see_also("`zegeld`(8), `zegel.toml`(5)");
}

std::string manual_of_daemon() {
  return roff::title("ZEGELD", 8, ZEGEL_VERSION) + heading("NAME") + "zegeld \\- " +
         roff::text("outbound e-mail encryption gateway") + "\n" + heading("SYNOPSIS") +
         paragraph("`zegeld` [--config FILE]") + heading("DESCRIPTION") +
         paragraph(
             "The smarthost of an office mail server. Each outgoing message is checked (is this really who you "
             "meant?), sealed (S/MIME, PGP or a password-locked zip) and sent on. What the policy says to seal never "
             "leaves in clear.") +
         paragraph("It runs in the foreground and tells systemd when it takes mail.") + heading("OPTIONS") +
         item("--config FILE", "the config; /etc/zegel/zegel.toml by default.") + heading("SIGNALS") +
         item("SIGHUP",
              "loads config, keys and allowlists again, all or nothing; with a broken config the old one stays in "
              "force and the log says why.") +
         item("SIGTERM, SIGINT",
              "takes nothing new, finishes what is in work (20 seconds at most) and stops; the rest waits in "
              "the store.") +
         heading("LOG") +
         paragraph(
             "One logfmt line per event, facility mail, ident zegeld: `received`, `refused`, `sealed`, `sent`, "
             "`deferred`, `bounced`, `held`, `released`, `expired`, `forgotten`, `denied`; `key-ends-soon` once a day "
             "for each key "
             "that ends within 30 days; `alarm` wants a person. "
             "Never a subject, body, file name or password.") +
         heading("EXIT STATUS") + item("0", "stopped as asked.") + item("64", "the words of the command are wrong.") +
         item("69", "the store, an address or a socket cannot be had; it says which and why.") +
         item("78", "the config is wrong; it says where.") + files() + see_also("`zegel`(1), `zegel.toml`(5)");
}

std::string manual_of_config() {
  std::string page = roff::title("ZEGEL.TOML", 5, ZEGEL_VERSION) + heading("NAME") + "zegel.toml \\- " +
                     roff::text("config of zegeld and zegel") + "\n" + heading("DESCRIPTION") +
                     paragraph(
                         "A TOML file. An unknown key, a wrong type or a missing file is an error with its place. "
                         "Sizes are \"50 MB\", times \"30m\" or \"5d\"; relative paths start at the file's folder. "
                         "`zegel check` says what is wrong, `zegel init` writes a first one.");
  std::string section;
  for (const config::Described& key : config::describe()) {
    if (key.section != section) page += heading("[" + key.section + "]");
    section = key.section;
    page += item(key.key, key.meaning + " Write " + key.wanted + ".");
    page += ".RS\n" + paragraph("Default: " + key.fallback + ".") + ".RE\n";
  }
  return page + see_also("`zegel`(1), `zegeld`(8)");
}

std::string manual(const CLI::App& zegel, const std::string& page) {
  if (page == "zegel.1") return manual_of_commands(zegel);
  if (page == "zegeld.8") return manual_of_daemon();
  if (page == "zegel.toml.5") return manual_of_config();
  return page == "zegel.bash" ? bash_completion(zegel) : std::string();
}

}  // namespace zegel::cli
