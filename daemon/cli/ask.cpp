#include "cli/ask.h"

#include <cstdio>

#include <nlohmann/json.hpp>
#include <pwd.h>
#include <unistd.h>

#include "admin/client.h"
#include "admin/desk.h"
#include "admin/percent.h"
#include "cli/exits.h"
#include "cli/guise.h"
#include "cli/nudge.h"
#include "materials.h"

namespace zegel::cli {

namespace {

std::string user_name() {
  const AsCaller caller;
  const passwd* entry = getpwuid(geteuid());
  return entry != nullptr ? entry->pw_name : "uid " + std::to_string(geteuid());
}

std::optional<admin::Response> ask_daemon(const config::Settings& settings, const admin::Request& request) {
  const AsCaller caller;  // the daemon writes down who asked
  return admin::ask(settings.admin.socket, request);
}

/// No daemon runs, so the store is free.
admin::Response answer_here(const config::Settings& settings, const admin::Request& request) {
  std::optional<Secret> key;
  {
    const AsCaller caller;
    key = given_store_key(settings);
  }
  const auto store = open_store(settings, std::move(key));
  const auto known = std::make_unique<check::KnownRecipients>(build_index(settings, *store));
  const auto snapshot = make_snapshot(settings);
  metrics::Meters unread;
  const admin::Desk desk(
      {*store, *known, unread, [&] { return snapshot; }, [] { return true; }, [] { return std::string(); }});
  return desk.answer(request);
}

int exit_for(int status) {
  if (status < 300) return exit_ok;
  if (status == 404) return exit_no_input;
  if (status == 422) return exit_data;
  if (status == 403) return exit_not_allowed;
  return status == 409 ? exit_try_later : exit_unavailable;
}

std::string complaint(const std::string& body) {
  const auto parsed = nlohmann::json::parse(body, nullptr, false);
  return parsed.is_object() && parsed.contains("error") ? parsed["error"].get<std::string>() : body;
}

}  // namespace

std::string path_of(std::initializer_list<std::string_view> words) {
  std::string path;
  for (const std::string_view word : words) path += "/" + admin::percent_encode(word);
  return path;
}

Answer ask(const Session& session, const std::string& method, const std::string& path, const std::string& body) {
  const auto settings = settings_of(session);
  if (!settings) return {exit_config, {}};
  const admin::Request request{method, path, body, user_name()};
  auto response = ask_daemon(*settings, request);
  if (!response) response = answer_here(*settings, request);
  const int exit = exit_for(response->status);
  if (exit != exit_ok) complain(exit, complaint(response->body));
  return {exit, std::move(response->body)};
}

void nudge_daemon(const config::Settings& settings) {
  const auto response = ask_daemon(settings, {"POST", "/reload", "", user_name()});
  if (!response) return;
  if (response->status != 200) complain(exit_unavailable, complaint(response->body));
}

}  // namespace zegel::cli
