#pragma once

#include <memory>
#include <optional>
#include <string>

#include "check/index.h"
#include "cli/commands.h"
#include "receive/examine.h"

namespace zegel::cli {

/// What `seal` and `explain` try out: one message through the daemon's own code, with the config and keys on file.
struct Trialled {
  std::shared_ptr<const receive::Snapshot> snapshot;
  std::shared_ptr<const check::Index> known;
  mail::Envelope envelope;
  mail::Message message;
  std::string reference;
};

/// Loads, parses and reads what the trial names; complains and gives the exit code in `exit` where that fails. A
/// message with bare LF line ends, as files have them, is given CRLF.
[[nodiscard]] std::optional<Trialled> prepare(const Session&, const Trial&, int& exit);

/// An ordinary letter with an attachment, for whoever has no message at hand.
[[nodiscard]] mail::Message sample_letter(const std::string& from, const std::string& to);

}  // namespace zegel::cli
