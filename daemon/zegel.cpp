#include "cli/commandline.h"
#include "seclusion.h"

int main(int argc, char** argv) {
  zegel::seclude_command();
  return zegel::cli::run(argc, argv);
}
