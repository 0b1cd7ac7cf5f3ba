#include "config/conflicts.h"

#include <filesystem>
#include <set>

#include "config/address.h"
#include "config/keys.h"
#include "core/text.h"

namespace zegel::config {

namespace {

/// The keys that the file has, and the places to point at.
class Given {
 public:
  Given(const Node& root, Reading& reading) : root_(root), reading_(reading) {}

  /// A section that is no table was told already; nothing in it is missed.
  [[nodiscard]] bool broken(std::string_view section) const {
    const auto* sections = root_.as<Node::Table>();
    const auto at = std::ranges::find(*sections, section, &Entry::key);
    return at != sections->end() && at->node.as<Node::Table>() == nullptr;
  }
  [[nodiscard]] bool has(std::string_view key) const { return reading_.given.contains(key); }
  /// The key's place, or its section's, or the document's.
  [[nodiscard]] Place place(std::string_view key) const {
    if (const auto at = reading_.given.find(key); at != reading_.given.end()) return at->second;
    const auto* sections = root_.as<Node::Table>();
    const auto section = std::ranges::find(*sections, key.substr(0, key.find('.')), &Entry::key);
    return section != sections->end() ? section->place : Place{root_.place.file, 1, 1};
  }
  void problem(std::string_view key, std::string_view what, std::string_view mend) const {
    reading_.problem(place(key), what, mend);
  }

 private:
  const Node& root_;
  Reading& reading_;
};

void find_missing(const Given& given) {
  for (const auto& key : keys()) {
    if (!key.remark.required || given.has(key.name) || given.broken(key.section()) || key.name == "delivery.relay")
      continue;
    given.problem(key.name, key.name + " is missing",
                  "write " + key.leaf() + " = " + key.remark.example + " in [" + key.section() + "]");
  }
  if (!given.has("delivery.relay") && !given.has("delivery.direct") && !given.broken("delivery")) {
    given.problem("delivery.relay", "delivery.relay is missing",
                  "write relay = \"smtp.provider.nl:587\" (the next hop) or direct = true in [delivery]");
  }
}

/// `needed` must be there when `key` is.
void needs(const Given& given, std::string_view key, std::string_view needed, const std::string& why) {
  if (given.has(key) && !given.has(needed)) {
    given.problem(key, std::string(key) + " needs " + std::string(needed) + ", " + why,
                  "write " + std::string(needed) + " as well, or take this out");
  }
}

void check_server(const Settings& settings, const Given& given) {
  needs(given, "server.tls_certificate", "server.tls_key", "its private key");
  needs(given, "server.tls_key", "server.tls_certificate", "the certificate it belongs to");
  if (!settings.server.listen_tls.empty())
    needs(given, "server.listen_tls", "server.tls_certificate", "or nobody can talk TLS");
  if (settings.server.require_tls) needs(given, "server.require_tls", "server.tls_certificate", "or nobody can send");
  if (settings.server.memory < settings.server.message_size) {
    const auto* key = given.has("server.memory") ? "server.memory" : "server.message_size";
    given.problem(key, "server.memory is less than server.message_size: the largest message would never fit",
                  "make memory larger, or message_size smaller");
  }
}

void check_delivery(const Settings& settings, const Given& given) {
  const Delivery& delivery = settings.delivery;
  if (given.has("delivery.relay") && delivery.direct) {
    given.problem("delivery.direct", "delivery.relay and delivery.direct = true exclude each other",
                  "take one of them out");
  }
  if (!given.has("delivery.relay") && given.has("delivery.direct") && !delivery.direct) {
    given.problem("delivery.direct", "delivery.direct is false and there is no delivery.relay: mail could go nowhere",
                  "write relay = \"smtp.provider.nl:587\" (the next hop), or direct = true");
  }
  needs(given, "delivery.password_file", "delivery.user", "the name that goes with the password");
  needs(given, "delivery.user", "delivery.password_file", "the password that goes with the name");
}

/// "none" sends in the open: only to this machine.
void check_tls(const Settings& settings, const Given& given, Reading& reading) {
  const Delivery& delivery = settings.delivery;
  const bool stays_here = !delivery.direct && std::ranges::all_of(delivery.relay, is_loopback);
  const std::string mend = "write \"opportunistic\", \"required\" or \"verified\"";
  if (delivery.tls == Tls::none && !stays_here) {
    given.problem("delivery.tls", "delivery.tls = \"none\" is only for a next hop on this machine", mend);
  }
  if (delivery.tls == Tls::none && given.has("delivery.user")) {
    given.problem("delivery.user", "delivery.user is of no use with delivery.tls = \"none\": AUTH goes only under TLS",
                  "write another tls, or take user out");
  }
  for (const Rule& rule : settings.protect.rules) {
    if (rule.tls != Tls::none || stays_here) continue;
    reading.problem(rule.place, "the rule's tls = \"none\" is only for a next hop on this machine", mend);
  }
}

void check_passwords(const Settings& settings, const Given& given, Reading& reading) {
  if (settings.zip.remind >= settings.zip.agreed_for) {
    given.problem(given.has("zip.remind") ? "zip.remind" : "zip.agreed_for",
                  "zip.remind is not shorter than zip.agreed_for: senders would be reminded from the first day on",
                  "make remind shorter, or agreed_for longer");
  }
  if (given.has("zip.command")) return;
  if (settings.zip.password == PasswordMode::command) needs(given, "zip.password", "zip.command", "the command to run");
  for (const Rule& rule : settings.protect.rules) {
    if (rule.password != PasswordMode::command) continue;
    reading.problem(rule.place, "the rule's password = \"command\" needs zip.command, the command to run",
                    "write zip.command as well, or another password");
  }
}

void check_tags(const Settings& settings, Reading& reading) {
  std::set<std::string> seen;
  for (const Tag& tag : settings.protect.tags) {
    if (seen.insert(text::lower(tag.subject)).second) continue;
    reading.problem(tag.place, "protect.tags has " + quote(tag.subject) + " twice", "take one out");
  }
}

/// A rule whose every pair of `to` and `from` an earlier rule has too can never win.
void check_unreachable(const Settings& settings, Reading& reading) {
  std::map<std::pair<std::string, std::string>, Place> taken;
  for (const Rule& rule : settings.protect.rules) {
    const Place* earlier = nullptr;
    bool reached = false;
    for (const Pattern& to : rule.to) {
      for (const Pattern& from : rule.from) {
        const auto [at, is_new] = taken.emplace(std::pair(to.text, from.text), rule.place);
        is_new ? void(reached = true) : void(earlier = &at->second);
      }
    }
    if (reached || earlier == nullptr) continue;
    reading.problem(
        rule.place,
        "this rule is never used: the one at line " + std::to_string(earlier->line) + " has the same to and from",
        "put the two together");
  }
}

/// What Zegel makes itself needs the folder around it.
void check_made(const Settings& settings, const Given& given) {
  const auto check = [&](std::string_view key, const std::string& path, const std::string& by_default) {
    const std::filesystem::path around = std::filesystem::path(path).parent_path();
    std::error_code none;
    if (path == by_default || around == settings.state.dir || std::filesystem::is_directory(around, none)) return;
    given.problem(key, std::string(key) + ": the folder around it is not there", "make it, or mend the path");
  };
  check("server.users", settings.server.users, Server().users);
  check("pgp.home", settings.pgp.home, Pgp().home);
  check("state.dir", settings.state.dir, State().dir);
  check("admin.socket", settings.admin.socket, Admin().socket);
}

}  // namespace

void find_conflicts(const Settings& settings, const Node& root, Reading& reading) {
  const Given given(root, reading);
  find_missing(given);
  check_server(settings, given);
  check_delivery(settings, given);
  check_tls(settings, given, reading);
  check_passwords(settings, given, reading);
  check_tags(settings, reading);
  check_unreachable(settings, reading);
  check_made(settings, given);
}

}  // namespace zegel::config
