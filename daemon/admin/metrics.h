#pragma once

#include <string>

#include "store/store.h"

namespace zegel::admin {

/// The figures in Prometheus's text format (version 0.0.4).
[[nodiscard]] std::string metrics_text(const store::Store::Figures&, Time now);

}  // namespace zegel::admin
