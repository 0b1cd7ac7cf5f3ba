#pragma once

#include <span>
#include <string_view>

namespace zegel::check {

/// A mail provider of the shipped list.
struct Provider {
  std::string_view name;     ///< `gmail`
  std::string_view endings;  ///< the ones it really gives mailboxes under, parted by blanks: `com`, `nl be de`
  bool complete = false;     ///< no other ending is this provider's: a mailbox under one is a mistake, or a lure
};

/// The big ones of the world and those of the Netherlands, Belgium and Germany.
[[nodiscard]] std::span<const Provider> providers();

/// Whether a label is that of a provider whose endings are all on the list.
[[nodiscard]] bool has_all_endings_listed(std::string_view label);

}  // namespace zegel::check
