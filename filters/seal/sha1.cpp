#include "seal/sha1.h"

#include <stdexcept>

#include <openssl/evp.h>

namespace zegel::seal {

std::string sha1(std::string_view bytes) {
  std::string digest(20, '\0');
  if (EVP_Digest(bytes.data(), bytes.size(), reinterpret_cast<unsigned char*>(digest.data()), nullptr, EVP_sha1(),
                 nullptr) != 1) {
    throw std::runtime_error("SHA-1 failed");
  }
  return digest;
}

}  // namespace zegel::seal
