#include "mail/transfer.h"

#include <algorithm>

#include "core/base64.h"

namespace zegel::mail {

Result<std::string> decode_base64(std::string_view body) {
  std::string packed(body.size(), '\0');
  std::size_t size = 0;
  for (const char c : body) {
    packed[size] = c;
    size += c != '\n' && c != '\r' && c != ' ' && c != '\t' ? 1 : 0;  // without a branch: half of the lines would miss
  }
  packed.resize(size);
  return base64::decode(packed);
}

}  // namespace zegel::mail
