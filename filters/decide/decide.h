#pragma once

#include "config/settings.h"
#include "core/time.h"
#include "decide/directory.h"
#include "decide/plan.h"
#include "mail/envelope.h"

namespace zegel::decide {

/// What deciding must know of a message; made by mail, so that decisions can be tested as a table.
struct Facts {
  bool sound = true;      ///< its structure can be taken apart (zip needs that)
  std::string flaw = {};  ///< why not
  bool has_attachments = false;
  /// Every attachment has a lock of its own, found by looking inside; false where nobody looked (reads_files).
  bool all_locked = false;
  bool smime_encrypted = false;  ///< really so, by looking inside
  bool pgp_encrypted = false;
  std::string subject = {};  ///< decoded, for protect.tags; never logged
  bool automatic = false;    ///< Auto-Submitted says so (RFC 3834 5): never held, as nobody waits for an answer
};

/// Whether any rule asks what is in the attachments (locked = "beside"): only then need anybody look.
[[nodiscard]] bool reads_files(const config::Settings&);

/// Pure. The most specific `to` wins, then `from`, then the first written; what the winning rule leaves out comes from
/// [protect] and its like, never from another rule. Clear comes out only where `clear` was written.
[[nodiscard]] Plan decide(const mail::Envelope&, const Facts&, const config::Settings&, const Directory&, Time now);

}  // namespace zegel::decide
