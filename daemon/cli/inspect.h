#pragma once

#include <string>
#include <vector>

#include "config/settings.h"
#include "core/time.h"
#include "mail/mailbox.h"

/// What `zegel check` looks at beside the config itself; the lines are in inspect_lines.h. Each adds a line
/// `FILE:LINE:COL: what; how to mend it` for everything that is not as it should be.
namespace zegel::cli {

using Problems = std::vector<std::string>;

/// Where the config says `section.key`: `zegel.toml:14:9`; the file's beginning where it leaves it out.
[[nodiscard]] std::string place_of(const config::Settings&, const std::string& key);

/// Files with secrets, and programs that we run: whom they are open to.
void inspect_secrets(const config::Settings&, Problems&);
/// Certificates and keys that are never used, or only for three weeks more; the server's own certificate.
void inspect_keys(const config::Settings&, Time now, Problems&);
/// Whether mail could be sealed now for `people`; for nobody in particular: for those whom the rules name. Asks the
/// daemon whom passwords are agreed with; where none runs, that is taken for granted.
void inspect_people(const config::Settings&, const std::vector<mail::Mailbox>& people, Time now, Problems&);
void inspect_recipients(const config::Settings&, Problems&);
/// The office's own cover texts.
void inspect_covers(const config::Settings&, Problems&);
/// Agreed zip passwords that are too old, or soon will be. Asks the daemon; where none runs, nobody knows.
void inspect_passwords(const config::Settings&, Time now, Problems&);
/// The clock, and room on the disk.
void inspect_machine(const config::Settings&, Time now, Problems&);

}  // namespace zegel::cli
