#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace zegel::seal {

/// The regular files of a folder, not those that begin with a dot, sorted, with the folder before them. A folder that
/// is not there is empty.
[[nodiscard]] std::vector<std::string> files_in(const std::string& folder);

/// The same, but a folder that is there and cannot be read is an error: the system's reason.
[[nodiscard]] Result<std::vector<std::string>> list_files(const std::string& folder);

/// Error: the system's reason, or larger than `most_bytes`.
[[nodiscard]] Result<std::string> read_file(const std::string& path, std::uintmax_t most_bytes = 16U << 20);

/// `FILE:1:1: what; how to mend it`: how `zegel check` and the log tell of a file as a whole.
[[nodiscard]] std::string problem_in(const std::string& file, std::string_view what, std::string_view mend);

/// Writes beside, syncs, renames and syncs the folder: after a crash the old or the new bytes are there, whole. The
/// folder is made (0750) where it lacks. Error: the system's reason.
[[nodiscard]] Result<void> write_file(const std::string& path, std::string_view bytes, unsigned mode);

/// Syncs a file that another program wrote, and its folder. A file that is not there is no error.
[[nodiscard]] Result<void> sync_file(const std::string& path);

}  // namespace zegel::seal
