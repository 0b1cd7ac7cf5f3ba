#include "config/key.h"

#include "core/text.h"

namespace zegel::config {

void unknown_key(const Entry& entry, const std::string& where, const std::vector<std::string>& known,
                 Reading& reading) {
  const std::string_view meant = text::nearest(entry.key, {known.begin(), known.end()});
  std::string all;
  for (const std::string& key : known) all += (all.empty() ? "" : ", ") + key;
  reading.problem(entry.place, "unknown key `" + entry.key + "` in " + where,
                  meant.empty() ? "allowed: " + all : "did you mean `" + std::string(meant) + "`?");
}

}  // namespace zegel::config
