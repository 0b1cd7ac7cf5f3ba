#pragma once

#include <string>

namespace zegel::seal {

/// gpg marks a deleted key in its keybox as empty and leaves its octets, names and all, in the file and in the copy
/// that it made of the file before. Both are overwritten here. A file that is not there, or not a keybox, is left
/// alone.
void scrub_keybox(const std::string& path);

}  // namespace zegel::seal
