#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "config/load.h"
#include "config/tree.h"

namespace zegel::config {

/// Text that may hold what a file says: no control characters, and not longer than a person reads.
[[nodiscard]] std::string one_line(std::string_view text);

/// One loading under way: where relative paths start, and every problem found so far.
struct Reading {
  std::string folder;    ///< absolute
  std::string key = {};  ///< the key that is being read: `server.listen`
  std::vector<Problem> problems = {};
  std::map<std::string, Place, std::less<>> given = {};  ///< the keys that the file has; `""` counts as left out

  void problem(const Place& place, std::string_view what, std::string_view mend = {}) {
    problems.push_back({place, one_line(what), one_line(mend)});
  }
  /// A value of the right type that is wrong all the same. `why`: `"x" is not …; write …`.
  void bad(const Node& node, const std::string& why) { problem(node.place, key + ": " + why); }
  void wrong_type(const Node& node, const std::string& wanted) {
    problem(node.place, key + " is " + std::string(node.type()), "write " + wanted);
  }
};

}  // namespace zegel::config
