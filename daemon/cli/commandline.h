#pragma once

namespace zegel::cli {

/// Parses the words of `zegel …` and runs the command they name. Gives the exit code.
int run(int argc, char** argv);

}  // namespace zegel::cli
