#include "cli/terminal.h"

#include <cstdio>
#include <iostream>

#include <termios.h>
#include <unistd.h>

namespace zegel::cli {

namespace {

/// No echo while it lives.
class Silence {
 public:
  Silence() {
    active_ = tcgetattr(STDIN_FILENO, &before_) == 0;
    if (!active_) return;
    termios silent = before_;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
  }
  ~Silence() {
    if (!active_) return;
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
    std::fputc('\n', stderr);
  }
  Silence(const Silence&) = delete;
  Silence& operator=(const Silence&) = delete;

 private:
  bool active_ = false;
  termios before_{};
};

}  // namespace

Secret ask_secret(const std::string& prompt) {
  if (isatty(STDIN_FILENO) != 0) std::fputs(prompt.c_str(), stderr);
  const Silence silence;
  std::string line;
  std::getline(std::cin, line);
  if (line.ends_with('\r')) line.pop_back();
  return Secret(std::move(line));
}

}  // namespace zegel::cli
