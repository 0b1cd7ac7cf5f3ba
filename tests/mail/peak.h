#pragma once

#include <cstddef>

namespace zegel::mail::testing {

/// The most octets that `new` has handed out at one time since it was made, less what was out then. This program's own
/// operators count; one at a time, one thread.
class Peak {
 public:
  Peak();
  [[nodiscard]] std::size_t octets() const;

 private:
  std::size_t before_;
};

}  // namespace zegel::mail::testing
