// Parameters, encoded words and file names: any value gives names that are safe.
#include <cstdint>
#include <cstdlib>

#include "core/text.h"
#include "mail/file_name.h"
#include "mail/header.h"
#include "mail/parameters.h"

namespace {

using namespace zegel;

void require(bool condition) {
  if (!condition) std::abort();
}

void check_name(std::string_view given) {
  const std::string safe = mail::safe_file_name(given);
  require(safe.size() <= mail::longest_file_name && text::is_utf8(safe));
  require(safe.find_first_of("/\\<>:\"|?*") == std::string::npos && !safe.starts_with('.') && !safe.ends_with('.'));
  for (const char c : safe) require(static_cast<unsigned char>(c) >= ' ' && c != '\x7f');
  mail::UniqueNames unique;
  (void)unique.take(safe);
  const std::string second = unique.take(safe);
  require(second != safe && second.size() <= mail::longest_file_name && text::is_utf8(second));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view value(reinterpret_cast<const char*>(data), size);
  const mail::MimeValue parsed = mail::parse_mime_value(value);
  require(parsed.parameters.size() <= mail::most_parameters);
  for (const mail::Parameter& parameter : parsed.parameters) check_name(parameter.value);
  require(text::is_utf8(mail::decode_words(value)));
  check_name(value);
  return 0;
}
