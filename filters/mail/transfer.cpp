#include "mail/transfer.h"

#include "core/base64.h"

namespace zegel::mail {

Result<std::string> decode_base64(std::string_view body) { return base64::decode_lines(body); }

}  // namespace zegel::mail
