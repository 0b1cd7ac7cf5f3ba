#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "smtp/auth.h"
#include "smtp/command.h"
#include "smtp/parameters.h"
#include "smtp/path.h"

// One command line: whatever it says, what comes out keeps to its bounds.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace zegel::smtp;
  const std::string_view line(reinterpret_cast<const char*>(data), size);
  const Command command = parse_command(line);
  if (command.argument.size() > line.size() || longest_line(line) > longest_auth_line) std::abort();
  for (const char* keyword : {"FROM:", "TO:"}) {
    const auto split = split_path(command.argument, keyword);
    if (!split) continue;
    if (split->path.size() + split->parameters.size() > line.size()) std::abort();
    if (const auto mail = parse_mail_parameters(split->parameters); mail && mail->envelope_id.size() > 100)
      std::abort();
    if (const auto rcpt = parse_rcpt_parameters(split->parameters)) {
      if (rcpt->original.size() > 500 || (rcpt->notify.never && rcpt->notify.success)) std::abort();
    }
  }
  (void)decode_plain(command.argument);
  (void)decode_login(command.argument);
  return 0;
}
