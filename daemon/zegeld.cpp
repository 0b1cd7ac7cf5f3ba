#include <cstdio>
#include <exception>
#include <string>

#include <CLI/CLI.hpp>
#include <malloc.h>

#include "config/load.h"
#include "gateway.h"
#include "log/log.h"
#include "seclusion.h"

namespace {

constexpr int exit_usage = 64;        // EX_USAGE
constexpr int exit_bad_config = 78;   // EX_CONFIG of sysexits.h
constexpr int exit_unavailable = 69;  // EX_UNAVAILABLE

/// Buffers of messages come and go by the megabyte: kept in the heap, their pages are not faulted in anew each time.
void keep_big_buffers() {
  mallopt(M_MMAP_THRESHOLD, 32 << 20);
  mallopt(M_TRIM_THRESHOLD, 128 << 20);
}

int refuse_to_run(const std::string& why) {
  zegel::log::Event("fatal", zegel::log::Level::error).field("why", why).send();
  zegel::log::close();
  return exit_bad_config;
}

}  // namespace

int main(int argc, char** argv) {
  zegel::seclude();
  keep_big_buffers();
  CLI::App app("The daemon of Zegel, the outbound e-mail encryption gateway. Runs in the foreground.", "zegeld");
  std::string file = "/etc/zegel/zegel.toml";
  app.add_option("--config", file, "the config file")->capture_default_str();
  app.set_version_flag("--version", ZEGEL_VERSION);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) { return app.exit(error) == 0 ? 0 : exit_usage; }

  auto settings = zegel::config::load(file);
  if (!settings) {
    for (const auto& problem : settings.error()) std::fprintf(stderr, "%s\n", problem.text().c_str());
    return exit_bad_config;
  }
  zegel::log::open(settings->log, {});
  if (const auto problems = zegel::exposed(*settings); !problems.empty()) {
    for (const std::string& problem : problems) std::fprintf(stderr, "zegeld: %s\n", problem.c_str());
    return refuse_to_run(problems.front());
  }
  try {
    zegel::Gateway gateway(std::move(*settings), ZEGEL_VERSION);
    gateway.run();
  } catch (const std::exception& error) {
    zegel::log::Event("fatal", zegel::log::Level::error).field("why", error.what()).send();
    zegel::log::close();
    std::fprintf(stderr, "zegeld: %s\n", error.what());
    return exit_unavailable;
  }
  zegel::log::close();
  return 0;
}
