#pragma once

#include <stdexcept>
#include <string>

namespace zegel::net {

/// A connection came to grief: an accident, caught once per session and once per delivery attempt. what() is for the
/// log and names no content.
class Broken : public std::runtime_error {
 public:
  enum class Kind {
    unreachable,  ///< connect: refused, no route, no such address
    closed,       ///< the peer said goodbye, between two operations or amid one
    reset,        ///< the network lost it
    timeout,      ///< the operation's limit or the stream's end passed; writing one last reply is still possible
    interrupted,  ///< Stream::interrupt; writing is still possible
    too_long,     ///< more was buffered than the reader allows
    tls,          ///< a failed handshake or a broken record
  };

  Broken(Kind kind, const std::string& why) : std::runtime_error(why), kind_(kind) {}
  [[nodiscard]] Kind kind() const noexcept { return kind_; }

 private:
  Kind kind_;
};

}  // namespace zegel::net
