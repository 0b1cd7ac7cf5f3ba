#include "cli/grammar.h"

#include <CLI/CLI.hpp>

namespace zegel::cli {

std::vector<const CLI::App*> visible_commands(const CLI::App& app) {
  return app.get_subcommands([](const CLI::App* command) { return !command->get_group().empty(); });
}

std::vector<const CLI::Option*> own_options(const CLI::App& app) {
  return app.get_options([](const CLI::Option* option) {
    return !option->check_lname("help") && !option->check_lname("config") && !option->check_lname("json") &&
           !option->check_lname("version");
  });
}

std::string usage(const CLI::Option& option) {
  std::string words = option.get_name(option.get_positional());
  if (!option.get_positional() && option.get_items_expected_max() > 0) words += " " + option.get_type_name();
  if (option.get_items_expected_max() > 1 && option.get_positional()) words += "…";
  return option.get_required() ? words : "[" + words + "]";
}

}  // namespace zegel::cli
