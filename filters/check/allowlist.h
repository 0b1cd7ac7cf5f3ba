#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "check/index.h"
#include "core/result.h"

namespace zegel::check {

/// One line of an allowlist file that says something.
struct AllowlistLine {
  Entry entry;
  std::uint32_t line = 0;    ///< from 1
  std::uint32_t column = 0;  ///< from 1, in octets
};

/// Something wrong in a file of people's making.
struct Problem {
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  std::string what;   ///< `"klant..nl" is not a domain: an empty label`; printable, short, whatever the file holds
  std::string mend;   ///< `write klant.nl`
  bool grave = true;  ///< false: can be lived with (a duplicate)
};

struct Allowlist {
  std::vector<AllowlistLine> lines;   ///< in the file's order, without duplicates
  std::vector<Problem> problems;      ///< at most 100; the last then says how many more there are
  [[nodiscard]] bool usable() const;  ///< no grave problem
};

/// Reads an allowlist file's text: a domain (`klant.nl`), an address (`jan@klant.nl`) or `.klant.nl` for its subdomains
/// per line; `#` begins a comment, blank lines are passed over. A UTF-8 BOM and CRLF are fine.
/// Bounded: a line of over 512 octets, invalid UTF-8 or a control character is a problem, not an entry; 5,000,000
/// entries. Contradictions (a public suffix such as `.nl` or `co.uk`, which would make everything known) are grave;
/// duplicates and entries that another one covers are not.
[[nodiscard]] Allowlist parse_allowlist(std::string_view text);

/// One entry as `zegel allow add` takes it. Error: what is wrong and how to mend it.
[[nodiscard]] Result<Entry> parse_entry(std::string_view text);

}  // namespace zegel::check
