#include <CLI/CLI.hpp>

#include "cli/grammar.h"
#include "cli/manual.h"

namespace zegel::cli {

namespace {

/// What may come after a path of commands.
std::string words_after(const CLI::App& app) {
  std::string words;
  for (const CLI::App* command : visible_commands(app)) words += command->get_name() + " ";
  for (const CLI::Option* option : own_options(app)) {
    if (!option->get_positional()) words += option->get_name() + " ";
  }
  return words + "--config --json --help";
}

/// `deeper`: which word leads from which path to which; `words`: what fits there.
void add_paths(const CLI::App& app, const std::string& path, std::string& deeper, std::string& words) {
  words += "    '" + path + "') words='" + words_after(app) + "' ;;\n";
  for (const CLI::App* command : visible_commands(app)) {
    const std::string below = path + " " + command->get_name();
    deeper += (deeper.empty() ? "'" : "|'") + below + "'";
    add_paths(*command, below, deeper, words);
  }
}

}  // namespace

std::string bash_completion(const CLI::App& zegel) {
  std::string deeper;
  std::string words;
  add_paths(zegel, "", deeper, words);
  return "# bash completion of zegel(1), written by `zegel manual zegel.bash`\n"
         "_zegel() {\n"
         "  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} path= word words=\n"
         "  for word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
         "    case \"$path $word\" in\n"
         "      " +
         deeper +
         ") path=\"$path $word\" ;;\n"
         "    esac\n"
         "  done\n"
         "  COMPREPLY=()\n"
         "  case $prev in\n"
         "    --config|--file|--out|--dir) compopt -o default; return ;;\n"
         "  esac\n"
         "  case $path in\n" +
         words +
         "  esac\n"
         "  COMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n"
         "  [ ${#COMPREPLY[@]} -gt 0 ] || compopt -o default\n"
         "}\n"
         "complete -F _zegel zegel\n";
}

}  // namespace zegel::cli
