#pragma once

#include <expected>
#include <string>
#include <utility>

namespace zegel {

/// An answer other than the one hoped for. Not an accident (those are exceptions) and not a bug (assertions).
///
/// The two texts have two readers and are never mixed.
struct Error {
  /// For the administrator and the log: what is wrong, where, how to mend it. May name files and addresses; never
  /// carries content of a message or a secret.
  std::string why;
  /// For the peer in an SMTP reply: printable ASCII on one line. Empty: say nothing more than the reply's own text.
  std::string say = {};
};

template <class T>
using Result = std::expected<T, Error>;

/// `return fail("…")` from any function that returns a Result.
[[nodiscard]] inline std::unexpected<Error> fail(std::string why, std::string say = {}) {
  return std::unexpected(Error{std::move(why), std::move(say)});
}

}  // namespace zegel
