#pragma once

#include <memory>

namespace zegel {

/// A deleter that calls one C function.
template <auto Free>
struct FreeWith {
  template <class T>
  void operator()(T* object) const noexcept {
    Free(object);
  }
};

/// Owns an object of a C library: `Handle<CMS_ContentInfo, CMS_ContentInfo_free> cms(…);`
template <class T, auto Free>
using Handle = std::unique_ptr<T, FreeWith<Free>>;

}  // namespace zegel
