#include "seal/html_images.h"

#include "core/text.h"
#include "mail/percent.h"

namespace zegel::seal {

namespace {

constexpr std::string_view scheme = "cid:";

}  // namespace

std::string with_local_images(std::string_view html, const std::map<std::string, std::string>& names) {
  std::string result;
  result.reserve(html.size());
  for (std::size_t at = 0; at < html.size();) {
    const bool begins = text::starts_with_folded(html.substr(at), scheme) && (at == 0 || !text::is_alnum(html[at - 1]));
    const std::size_t end = begins ? std::min(html.find_first_of("\"'<>() \t\n", at), html.size()) : at + 1;
    const auto name = begins
                          ? names.find(mail::percent_decoded(html.substr(at + scheme.size(), end - at - scheme.size())))
                          : names.end();
    result += name != names.end() ? std::string_view(name->second) : html.substr(at, end - at);
    at = end;
  }
  return result;
}

}  // namespace zegel::seal
