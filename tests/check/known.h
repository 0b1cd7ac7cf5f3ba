#pragma once

#include <initializer_list>
#include <memory>
#include <string_view>
#include <utility>

#include "check/index.h"

/// A small index for tests: what is known, with its mails.
inline std::shared_ptr<const zegel::check::Index> known(
    std::initializer_list<std::pair<std::string_view, std::uint32_t>> entries) {
  zegel::check::IndexBuilder builder;
  for (const auto& [text, mails] : entries) builder.add(text, mails, zegel::check::Source::history);
  return builder.build();
}
