#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "core/secret.h"

namespace zegel::seal {

/// A file to lock away: name as the recipient shall see it (already made safe), and its bytes.
struct ZipFile {
  std::string name;
  std::string_view bytes;  ///< must outlive the call
};

/// Two nested zips: outside one stored AES-256 entry (WinZip AE-1) with a neutral name and a fixed time; in it an
/// ordinary zip with the real files and random padding that also hides the size. Opened again with the password and
/// every entry compared before it is returned. In memory only: beside the files at most twice their size.
///
/// `inner_name`: the neutral name of the one outer entry, e.g. `bijlagen-inhoud.zip`. `padding_name`: of what fills the
/// inner zip up to the next 4 KiB (16 KiB above 64 KiB, 64 KiB above 1 MiB), e.g. `opvulling.bin`. Names of files must
/// differ. Error: libzip's reason, or that the written zip did not open to the same bytes. Throws std::runtime_error
/// without random numbers. Thread-safe.
[[nodiscard]] Result<std::string> lock_in_zip(const std::vector<ZipFile>&, std::string_view inner_name,
                                              std::string_view padding_name, const Secret& password);

}  // namespace zegel::seal
