#pragma once

#include <string>
#include <vector>

#include "config/settings.h"

/// What keeps content and secrets inside the process, whatever becomes of it.
namespace zegel {

/// No core dump and no looking in from outside (prctl(2): PR_SET_DUMPABLE), files for the own user only, no death by
/// SIGPIPE. Where the limit of locked memory allows (RLIMIT_MEMLOCK unlimited), nothing is swapped out; under systemd
/// the unit sees to that for gpg too. To be called first, before there are threads.
void seclude();
/// The same for a command: without the umask, since it writes for others too, and without locking memory.
void seclude_command();

/// One sentence for each file with secrets that everybody may read, and for each program or config that everybody may
/// change: `PATH: what; how to mend it`. With any of them the daemon does not run.
[[nodiscard]] std::vector<std::string> exposed(const config::Settings&);

}  // namespace zegel
