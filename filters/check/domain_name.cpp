#include "check/domain_name.h"

#include <algorithm>
#include <vector>

#include <libpsl.h>

#include "core/text.h"

namespace zegel::check {

namespace {

/// The list that is compiled into the library: immutable, shared by all threads.
const psl_ctx_t* list() { return psl_builtin(); }

}  // namespace

DomainName split_domain(const std::string& domain) {
  DomainName name{.text = domain, .sub = {}, .label = {}, .suffix = {}};
  if (!domain.contains('.')) {
    name.label = name.text;
    return name;
  }
  const char* suffix = psl_unregistrable_domain(list(), domain.c_str());
  if (suffix == nullptr) suffix = domain.c_str() + domain.rfind('.') + 1;
  const auto at = static_cast<std::size_t>(suffix - domain.c_str());
  name.suffix = name.text.substr(at);
  if (at == 0) return name;
  const std::string_view rest = name.text.substr(0, at - 1);
  const auto dot = rest.rfind('.');
  name.label = dot == std::string_view::npos ? rest : rest.substr(dot + 1);
  if (dot != std::string_view::npos) name.sub = rest.substr(0, dot);
  return name;
}

bool is_public_suffix(const std::string& suffix) {
  return psl_is_public_suffix2(list(), suffix.c_str(), PSL_TYPE_ANY | PSL_TYPE_NO_STAR_RULE) != 0;
}

bool is_registry_suffix(const std::string& suffix) {
  return psl_is_public_suffix2(list(), suffix.c_str(), PSL_TYPE_ICANN | PSL_TYPE_NO_STAR_RULE) != 0;
}

std::string squashed(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    if (c != '.' && c != '-' && c != '_') out += c;
  }
  return out;
}

std::string sorted_parts(std::string_view label) {
  if (!label.contains('-') || label.starts_with("xn--")) return {};
  auto parts = text::split(label, '-');
  std::ranges::sort(parts);
  std::string out;
  for (const auto part : parts) out.append(part).append("-");
  return out;
}

}  // namespace zegel::check
