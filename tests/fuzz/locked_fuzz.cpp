// Attachments as they come: whether one has a lock of its own.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "seal/compound_file.h"
#include "seal/locked.h"
#include "seal/pdf_dictionary.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace zegel;
  const std::string_view file(reinterpret_cast<const char*>(data), size);
  // Each format begins differently: no file is locked in two ways.
  const int ways = int(seal::is_locked_zip(file)) + int(seal::is_locked_7z(file)) + int(seal::is_locked_pdf(file));
  if (ways > 1) std::abort();
  static_cast<void>(seal::read_pdf_dictionary(file));
  static_cast<void>(seal::find_pdf_object(file, "8 0 R"));
  // Not is_locked_office: 200,000 hashes for each one that is right so far.
  if (const auto compound = seal::CompoundFile::open(file)) {
    for (const auto& entry : compound->entries()) {
      const auto stream = compound->read(entry, 16'384);
      if (stream && stream->size() != entry.size) std::abort();
    }
  }
  return 0;
}
