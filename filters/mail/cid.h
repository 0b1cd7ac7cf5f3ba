#pragma once

#include <set>
#include <string>
#include <string_view>

namespace zegel::mail {

/// The Content-IDs of the images that a browser would show in this html because it refers to them as `cid:` (RFC 2392):
/// `src` or `background` of a tag, `url()` in a style; percent-decoded. Not in text, comments, scripts, titles, nor of
/// a link. Time linear in the text, memory only for what is found.
[[nodiscard]] std::set<std::string, std::less<>> referred_ids(std::string_view html);

}  // namespace zegel::mail
