#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

#include "cli/ask.h"
#include "cli/session.h"

namespace zegel::cli {

/// Indented JSON on stdout; gives exit_ok.
int print_json(const std::string& body);

/// A JSON array on stdout, element by element: a long one takes no memory.
class JsonList {
 public:
  void add(const nlohmann::json& element);
  /// Must be called, even for an empty one.
  void end();

 private:
  bool begun_ = false;
};

/// `VERB: 3` for an answer {"changed": 3}, or the JSON itself; gives the answer's exit code.
int say_changed(const Session&, const Answer&, const std::string& verb);

/// A string member, safe for a terminal; empty when it is not there.
[[nodiscard]] std::string text(const nlohmann::json& object, const char* key);

/// The same for a text of several lines: each ends with a newline.
[[nodiscard]] std::string lines(const nlohmann::json& object, const char* key);

/// The strings of an array, joined by ", ".
[[nodiscard]] std::string joined(const nlohmann::json& array);

}  // namespace zegel::cli
