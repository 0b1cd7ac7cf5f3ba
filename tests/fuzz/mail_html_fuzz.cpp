// What an html text refers to, and what files a text carries: any octets, in any nesting.
#include <cstdint>
#include <cstdlib>

#include "core/text.h"
#include "mail/carried.h"
#include "mail/cid.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto ids = zegel::mail::referred_ids(text);
  if (!ids.empty() && !zegel::text::lower(text).contains("cid:")) std::abort();
  // What comes behind a comment that is not closed is never shown.
  if (zegel::mail::referred_ids("<!-- " + std::string(text.substr(0, text.find("--")))).size() != 0) std::abort();
  (void)zegel::mail::carries_file(text);
  return 0;
}
