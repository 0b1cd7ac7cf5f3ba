#include "seal/html_images.h"

#include "core/text.h"

namespace zegel::seal {

namespace {

constexpr std::string_view scheme = "cid:";

int digit(char c) {
  const char low = text::lower(c);
  return text::is_digit(c) ? c - '0' : low >= 'a' && low <= 'f' ? low - 'a' + 10 : -1;
}

/// `image%40x` to `image@x` (RFC 3986 2.1).
std::string percent_decoded(std::string_view url) {
  std::string result;
  for (std::size_t i = 0; i < url.size(); ++i) {
    const bool coded = url[i] == '%' && i + 2 < url.size() && digit(url[i + 1]) >= 0 && digit(url[i + 2]) >= 0;
    result += coded ? static_cast<char>(digit(url[i + 1]) * 16 + digit(url[i + 2])) : url[i];
    if (coded) i += 2;
  }
  return result;
}

}  // namespace

std::string with_local_images(std::string_view html, const std::map<std::string, std::string>& names) {
  std::string result;
  result.reserve(html.size());
  for (std::size_t at = 0; at < html.size();) {
    const bool begins = text::starts_with_folded(html.substr(at), scheme) && (at == 0 || !text::is_alnum(html[at - 1]));
    const std::size_t end = begins ? std::min(html.find_first_of("\"'<>() \t\n", at), html.size()) : at + 1;
    const auto name =
        begins ? names.find(percent_decoded(html.substr(at + scheme.size(), end - at - scheme.size()))) : names.end();
    result += name != names.end() ? std::string_view(name->second) : html.substr(at, end - at);
    at = end;
  }
  return result;
}

}  // namespace zegel::seal
