#include "core/secret.h"

#include <openssl/crypto.h>

namespace zegel {

void wipe(void* bytes, std::size_t size) noexcept { OPENSSL_cleanse(bytes, size); }

void Secret::clear() noexcept {
  wipe(bytes_.data(), bytes_.capacity());
  bytes_.clear();
}

Secret& Secret::operator=(Secret&& other) noexcept {
  if (this != &other) {
    clear();
    bytes_ = std::move(other.bytes_);
    other.clear();
  }
  return *this;
}

}  // namespace zegel
