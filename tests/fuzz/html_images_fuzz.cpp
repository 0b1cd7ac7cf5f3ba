#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "seal/html_images.h"

/// Whatever stands in an html body: what refers to no known image stays as it is, octet for octet.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view html(reinterpret_cast<const char*>(data), size);
  if (zegel::seal::with_local_images(html, {}) != html) std::abort();
  (void)zegel::seal::with_local_images(html, {{"a@b", "image-1.png"}, {"", "x"}});
  return 0;
}
