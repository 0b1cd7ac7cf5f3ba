#include "cli/print.h"

#include <cstdio>

#include <nlohmann/json.hpp>

#include "cli/exits.h"
#include "core/text.h"

namespace zegel::cli {

namespace {

/// Control characters could steer the terminal.
std::string printable(std::string text) {
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < ' ' || c == 0x7F) c = '?';
  }
  return text;
}

}  // namespace

int print_json(const std::string& body) {
  std::printf("%s\n", nlohmann::json::parse(body).dump(2).c_str());
  return exit_ok;
}

void JsonList::add(const nlohmann::json& element) {
  std::printf("%s%s", begun_ ? ",\n" : "[\n", element.dump(2).c_str());
  begun_ = true;
}

void JsonList::end() { std::printf("%s]\n", begun_ ? "\n" : "["); }

int say_changed(const Session& session, const Answer& answer, const std::string& verb) {
  if (answer.exit != exit_ok) return answer.exit;
  if (session.json) return print_json(answer.body);
  std::printf("%s: %lld\n", verb.c_str(), nlohmann::json::parse(answer.body).at("changed").get<long long>());
  return exit_ok;
}

std::string text(const nlohmann::json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? printable(found->get<std::string>()) : std::string();
}

std::string lines(const nlohmann::json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end() || !found->is_string()) return {};
  std::string all;
  for (const std::string_view line : zegel::text::split(found->get_ref<const std::string&>(), '\n'))
    all += printable(std::string(line)) + "\n";
  return all;
}

std::string joined(const nlohmann::json& array) {
  std::string all;
  for (const auto& one : array) all += (all.empty() ? "" : ", ") + printable(one.get<std::string>());
  return all;
}

}  // namespace zegel::cli
