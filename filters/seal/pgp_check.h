#pragma once

#include <string_view>
#include <vector>

#include "core/result.h"

namespace zegel::seal {

struct PgpKey;

/// Whether `binary` is what was asked for and nothing else: one PKESK for each recipient (version 3, naming one of that
/// key's encryption subkeys), then one SEIPD (version 1, with MDC) of at least `least` octets. Error: what is wrong;
/// such a message must not leave.
[[nodiscard]] Result<void> check_message(std::string_view binary, const std::vector<const PgpKey*>& recipients,
                                         std::size_t least);

}  // namespace zegel::seal
