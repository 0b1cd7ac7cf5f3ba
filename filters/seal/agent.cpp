#include "seal/agent.h"

#include <utility>
#include <vector>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace zegel::seal {

namespace {

/// Its exit code; -1: it could not be run.
int exit_of(std::vector<std::string> words) {
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    posix_spawn_file_actions_addopen(&actions, fd, "/dev/null", O_RDWR, 0);
  }
  pid_t child = -1;
  const int error = posix_spawnp(&child, arguments[0], &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  int status = 0;
  if (error != 0 || waitpid(child, &status, 0) != child || !WIFEXITED(status)) return -1;
  return WEXITSTATUS(status);
}

}  // namespace

PassingAgent::PassingAgent(std::string home)
    : home_(std::move(home)),
      was_there_(exit_of({"gpg-connect-agent", "--homedir", home_, "-S", home_ + "/S.gpg-agent", "/bye"}) == 0) {}

PassingAgent::~PassingAgent() {
  if (!was_there_) exit_of({"gpgconf", "--homedir", home_, "--kill", "gpg-agent"});
}

}  // namespace zegel::seal
