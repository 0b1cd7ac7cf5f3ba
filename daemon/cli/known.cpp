#include "cli/known.h"

#include <nlohmann/json.hpp>

#include "cli/ask.h"
#include "cli/exits.h"
#include "materials.h"

namespace zegel::cli {

namespace {

/// As the desk wrote it.
check::Source source_of(const nlohmann::json& entry) {
  const auto word = entry.at("source").get<std::string>();
  return word == "file" ? check::Source::file : word == "learned" ? check::Source::learned : check::Source::history;
}

}  // namespace

std::expected<std::shared_ptr<const check::Index>, int> known_now(const Session& session,
                                                                  const config::Settings& settings) {
  const Answer answer = ask(session, "GET", "/allow");
  if (answer.exit != exit_ok) return std::unexpected(answer.exit);
  const auto weights = weights_of(settings);
  if (!weights) return std::unexpected(complain(exit_config, weights.error().why));
  check::IndexBuilder builder(*weights);
  if (settings.recipients.well_known) builder.add_providers();
  for (const auto& entry : nlohmann::json::parse(answer.body)) {
    builder.add(entry.at("entry").get<std::string>(), entry.at("mails").get<std::uint32_t>(), source_of(entry));
  }
  return builder.build();
}

}  // namespace zegel::cli
