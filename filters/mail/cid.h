#pragma once

#include <set>
#include <string>
#include <string_view>

namespace zegel::mail {

/// The Content-IDs that an html text really refers to as `cid:` (RFC 2392): as the value of an attribute or in url(),
/// outside comments, percent-decoded. Time linear in the text.
[[nodiscard]] std::set<std::string, std::less<>> referred_ids(std::string_view html);

}  // namespace zegel::mail
