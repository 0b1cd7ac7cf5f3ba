#pragma once

#include <string>

#include "config/settings.h"
#include "core/terms.h"

/// Texts for the office's own privacy papers, from the config in force. Dutch where asked for, else English.
namespace zegel::cli {

/// The record of processing activities (GDPR art. 30(1)): what is kept, why, how long, how it is protected.
[[nodiscard]] std::string privacy_record(const config::Settings&, Language);

/// A paragraph for the office's privacy notice (GDPR art. 13).
[[nodiscard]] std::string privacy_notice(const config::Settings&, Language);

}  // namespace zegel::cli
