#include "check/folding.h"

#include "mail/mailbox.h"

namespace zegel::check {

namespace {

std::string_view last_label(std::string_view name) {
  const auto dot = name.rfind('.');
  return dot == std::string_view::npos ? name : name.substr(dot + 1);
}

}  // namespace

Folded fold(std::string_view domain, std::size_t label, std::size_t suffix) {
  Folded folded;
  const std::size_t ending = suffix == 0 ? 0 : suffix + 1;
  const std::string_view name = domain.substr(0, domain.size() - std::min(ending, domain.size()));
  folded.registrable = domain.substr(domain.size() - std::min(domain.size(), label + ending));
  folded.suffix = domain.substr(domain.size() - suffix);
  folded.international = name.contains("xn--");
  if (!folded.international) {
    folded.name = name;
    folded.label = name.substr(name.size() - std::min(label, name.size()));
    return folded;
  }
  folded.shape = shape_of(mail::unicode_domain(name), last_label(domain));
  folded.name = folded.shape.text;
  folded.label = last_label(folded.name);
  return folded;
}

}  // namespace zegel::check
