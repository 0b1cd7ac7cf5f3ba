#include "send/seven_bit.h"

namespace zegel::send {

std::optional<std::string> to_seven_bit(std::string_view) { return std::nullopt; }

}  // namespace zegel::send
