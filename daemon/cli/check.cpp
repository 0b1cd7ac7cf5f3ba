#include <cstdio>
#include <functional>

#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/exits.h"
#include "cli/guise.h"
#include "cli/inspect.h"
#include "cli/inspect_lines.h"
#include "config/load.h"

namespace zegel::cli {

namespace {

/// Everything that is not as it should be, and the areas where all is well.
struct Findings {
  Problems problems;
  std::vector<std::string> fine;

  void look(std::string area, const std::function<void(Problems&)>& inspect) {
    const std::size_t before = problems.size();
    inspect(problems);
    if (problems.size() == before) fine.push_back(std::move(area));
  }
};

void look_around(const config::Settings& settings, Findings& found) {
  found.look("files with secrets", [&](Problems& problems) { inspect_secrets(settings, problems); });
  become_owner(settings);  // keys must be such as the daemon can read, and gpg must leave nothing of root's
  found.look("keys", [&](Problems& problems) {
    inspect_keys(settings, now(), problems);
    inspect_people(settings, {}, now(), problems);
  });
  found.look("recipients", [&](Problems& problems) { inspect_recipients(settings, problems); });
  found.look("passwords and covers of zips", [&](Problems& problems) {
    inspect_covers(settings, problems);
    inspect_passwords(settings, now(), problems);
  });
  found.look("clock and room", [&](Problems& problems) { inspect_machine(settings, now(), problems); });
  found.look("next hop, office and scanner", [&](Problems& problems) {
    const AsCaller caller;  // delivery.password_file may be root's
    inspect_lines(settings, problems);
  });
}

void look_at(const std::vector<mail::Mailbox>& people, const config::Settings& settings, Findings& found) {
  become_owner(settings);
  for (const mail::Mailbox& one : people)
    found.look(one.address(), [&](Problems& problems) { inspect_people(settings, {one}, now(), problems); });
}

Findings findings(const std::string& file, const std::vector<mail::Mailbox>& people) {
  Findings found;
  const auto settings = config::load(file);
  if (settings && !people.empty()) {
    look_at(people, *settings, found);
  } else if (settings) {
    found.fine.push_back(file);
    look_around(*settings, found);
  } else {
    for (const config::Problem& problem : settings.error()) found.problems.push_back(problem.text());
  }
  return found;
}

}  // namespace

/// Where something is wrong, only that is said.
int check(const Session& session, const std::vector<std::string>& people) {
  std::vector<mail::Mailbox> parsed;
  for (const std::string& one : people) {
    auto mailbox = mail::parse_mailbox(one);
    if (!mailbox) return complain(exit_data, one + ": " + mailbox.error().why);
    parsed.push_back(std::move(*mailbox));
  }
  const Findings found = findings(session.config, parsed);
  const int exit = found.problems.empty() ? exit_ok : exit_config;
  if (session.json) return std::printf("%s\n", nlohmann::json(found.problems).dump(2).c_str()), exit;
  for (const std::string& problem : found.problems) std::printf("%s\n", problem.c_str());
  if (!found.problems.empty()) return exit;
  for (const std::string& area : found.fine) std::printf("%s: ok\n", area.c_str());
  return exit;
}

}  // namespace zegel::cli
