#include "check/folding.h"

#include <algorithm>

#include "mail/mailbox.h"

namespace zegel::check {

namespace {

std::string_view last_label(std::string_view name) {
  const auto dot = name.rfind('.');
  return dot == std::string_view::npos ? name : name.substr(dot + 1);
}

}  // namespace

Folded::Folded(std::string_view domain, std::size_t label_size, std::size_t suffix_size) {
  const std::size_t ending = suffix_size == 0 ? 0 : suffix_size + 1;
  name = domain.substr(0, domain.size() - std::min(ending, domain.size()));
  registrable = domain.substr(domain.size() - std::min(domain.size(), label_size + ending));
  suffix = domain.substr(domain.size() - suffix_size);
  label = name.substr(name.size() - std::min(label_size, name.size()));
  international = name.contains("xn--");
  if (!international) return;
  shape = shape_of(mail::unicode_domain(name), last_label(domain));
  name = shape.text;
  label = last_label(name);
}

}  // namespace zegel::check
