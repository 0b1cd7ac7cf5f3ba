#include <cstdio>
#include <iostream>

#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/exits.h"
#include "cli/nudge.h"
#include "cli/terminal.h"
#include "mail/mailbox.h"
#include "seal/agent.h"
#include "seal/keys.h"

namespace zegel::cli {

namespace {

using nlohmann::json;

seal::KeySources sources(const config::Settings& settings) {
  return {settings.smime.certificates, settings.smime.authorities, settings.smime.crl_dir, settings.pgp.home,
          settings.office.domains};
}

std::string joined(const std::vector<std::string>& words) {
  std::string all;
  for (const std::string& word : words) all += (all.empty() ? "" : ", ") + word;
  return all;
}

/// Whom it is for: its addresses, and the domains that it stands for as a whole.
std::string whom(const seal::KeyEntry& key) {
  std::vector<std::string> names = key.addresses;
  for (const std::string& domain : key.domains) names.push_back("all of " + domain);
  return joined(names);
}

bool ends_soon(const seal::KeyEntry& key) { return key.ends(now(), seal::soon); }

std::string until(const seal::KeyEntry& key) {
  return key.expires == Time::max() ? "ever" : iso_time(key.expires).substr(0, 10);
}

std::string remark(const seal::KeyEntry& key) {
  if (!key.usable && !key.secret) return " NOT USABLE: " + key.why_not;
  return ends_soon(key) ? " ENDS SOON" : "";
}

json description(const seal::KeyEntry& key) {
  return {{"method", std::string(to_text(key.method))},
          {"fingerprint", key.fingerprint},
          {"addresses", key.addresses},
          {"not_before", iso_time(key.not_before)},
          {"expires", key.expires == Time::max() ? json() : json(iso_time(key.expires))},
          {"secret", key.secret},
          {"domains", key.domains},
          {"usable", key.usable},
          {"ends_soon", ends_soon(key)},
          {"why_not", key.why_not},
          {"algorithm", key.algorithm},
          {"file", key.file}};
}

int print(const Session& session, const std::vector<seal::KeyEntry>& keys) {
  if (session.json) {
    json all = json::array();
    for (const seal::KeyEntry& key : keys) all.push_back(description(key));
    return std::printf("%s\n", all.dump(2).c_str()), exit_ok;
  }
  for (const seal::KeyEntry& key : keys) {
    std::printf("%-5s %-32s %-12s until %-10s %s%s\n", std::string(to_text(key.method)).c_str(), whom(key).c_str(),
                key.algorithm.c_str(), until(key).c_str(), key.secret ? "signs" : "encrypts", remark(key).c_str());
    std::printf("      %s\n", key.fingerprint.c_str());
  }
  return exit_ok;
}

std::vector<seal::KeyEntry> all_keys(const config::Settings& settings) {
  std::vector<std::string> problems;
  const auto keys = seal::Keys::load(sources(settings), now(), problems);
  for (const std::string& problem : problems) complain(exit_data, problem);
  return keys->list(now());
}

}  // namespace

int key_list(const Session& session) {
  const auto settings = settings_of(session);
  return settings ? print(session, all_keys(*settings)) : exit_config;
}

int key_show(const Session& session, const std::string& address) {
  const auto settings = settings_of(session);
  if (!settings) return exit_config;
  const auto mailbox = mail::parse_mailbox(address);
  if (!mailbox) return complain(exit_data, address + ": " + mailbox.error().why);
  std::vector<seal::KeyEntry> found;
  for (seal::KeyEntry& key : all_keys(*settings)) {
    const bool names = std::ranges::any_of(key.addresses, [&](const std::string& its) {
      const auto other = mail::parse_mailbox(its);
      return other && mail::folded(*other) == mail::folded(*mailbox);
    });
    const bool of_its_domain = std::ranges::find(key.domains, mailbox->domain) != key.domains.end();
    if (names || of_its_domain) found.push_back(std::move(key));
  }
  if (found.empty()) return complain(exit_no_input, "no key or certificate names " + address);
  return print(session, found);
}

namespace {

/// Whether anything was imported; `exit` says what went wrong.
bool import_files(const config::Settings& settings, const std::vector<std::string>& files, bool replace, int& exit) {
  const seal::PassingAgent agent(settings.pgp.home);  // gpg asks one for whatever holds a secret key
  bool changed = false;
  for (const std::string& file : files) {
    const auto bytes = read_input(file);
    if (!bytes) {
      exit = exit_no_input;
      continue;
    }
    const auto passphrase = [&] { return ask_secret("Passphrase of " + file + ": "); };
    for (const seal::Imported& one : seal::import_keys(sources(settings), *bytes, replace, now(), passphrase)) {
      std::printf("%s: %s %s\n", file.c_str(), one.ok ? "imported" : "NOT imported:", one.what.c_str());
      if (!one.ok) exit = exit_data;
      changed = changed || one.ok;
    }
  }
  return changed;
}

}  // namespace

int key_import(const Session& session, const std::vector<std::string>& files, bool replace) {
  const auto settings = settings_of(session);
  if (!settings) return exit_config;
  int exit = exit_ok;
  if (import_files(*settings, files, replace, exit)) nudge_daemon(*settings);
  return exit;
}

int key_remove(const Session& session, const std::string& fingerprint) {
  const auto settings = settings_of(session);
  if (!settings) return exit_config;
  const auto removed = seal::remove_key(sources(*settings), fingerprint);
  if (!removed) return complain(exit_no_input, removed.error().why);
  std::printf("removed: %s\n", removed->c_str());
  nudge_daemon(*settings);
  return exit_ok;
}

}  // namespace zegel::cli
