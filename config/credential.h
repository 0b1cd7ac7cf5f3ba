#pragma once

#include <string>

namespace zegel::config {

/// The files in the folder `credentials` beside the config are for root's eyes; systemd hands them to the service
/// (LoadCredential=zegel:/etc/zegel/credentials, so that each is called `zegel_NAME` in $CREDENTIALS_DIRECTORY). For a
/// path in that folder: where the service finds it, when it was handed over; any other path comes back as it is.
[[nodiscard]] std::string credential(const std::string& path, const std::string& config_folder);

/// The absolute folder of a config file.
[[nodiscard]] std::string folder_of(const std::string& config_file);

}  // namespace zegel::config
