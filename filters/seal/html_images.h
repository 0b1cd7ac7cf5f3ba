#pragma once

#include <map>
#include <string>
#include <string_view>

namespace zegel::seal {

/// The html with each `cid:` URL (RFC 2392) of a known Content-ID made into the name of the file beside it, so that a
/// browser shows the images. All else stays. `names`: Content-ID to file name.
[[nodiscard]] std::string with_local_images(std::string_view html, const std::map<std::string, std::string>& names);

}  // namespace zegel::seal
