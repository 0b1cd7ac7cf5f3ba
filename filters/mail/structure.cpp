#include "mail/structure.h"

#include <algorithm>

#include "mail/scanner.h"

namespace zegel::mail {

namespace {

std::string_view value_of(const std::vector<Parameter>& parameters, std::string_view name) {
  const auto found = std::ranges::find(parameters, name, &Parameter::name);
  return found == parameters.end() ? std::string_view() : std::string_view(found->value);
}

}  // namespace

std::string_view Part::parameter(std::string_view name) const { return value_of(parameters, name); }

std::string_view Part::file_name() const {
  for (const std::string_view name : {value_of(disposition_parameters, "filename"), value_of(parameters, "name"),
                                      value_of(disposition_parameters, "name"), value_of(parameters, "filename")}) {
    if (!name.empty()) return name;
  }
  return {};
}

const Flaw* Structure::fatal() const {
  const auto found = std::ranges::find_if(flaws_, &Flaw::fatal);
  return found == flaws_.end() ? nullptr : &*found;
}

Structure scan(const Message& message, const Bounds& bounds) { return Scanner(message.bytes(), bounds).run(); }

}  // namespace zegel::mail
