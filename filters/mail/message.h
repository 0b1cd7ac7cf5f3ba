#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace zegel::mail {

/// Half-open range of octets in one message.
struct Range {
  std::size_t begin = 0;
  std::size_t end = 0;

  [[nodiscard]] std::size_t size() const { return end - begin; }
  [[nodiscard]] bool empty() const { return begin == end; }
  friend bool operator==(const Range&, const Range&) = default;
};

/// The exact octets of one message (RFC 5322), as received: immutable, shared, cheap to copy, safe between threads.
class Message {
 public:
  Message() : bytes_(std::make_shared<const std::string>()) {}
  explicit Message(std::string bytes) : bytes_(std::make_shared<const std::string>(std::move(bytes))) {}

  /// Valid as long as any copy of this message lives.
  [[nodiscard]] std::string_view bytes() const { return *bytes_; }
  [[nodiscard]] std::size_t size() const { return bytes_->size(); }
  [[nodiscard]] std::string_view slice(Range range) const { return bytes().substr(range.begin, range.size()); }

 private:
  std::shared_ptr<const std::string> bytes_;
};

}  // namespace zegel::mail
