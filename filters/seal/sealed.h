#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "core/terms.h"

namespace zegel::seal {

/// Octets that may leave, or lie in the store. Only a sealer can make one, or a rule that says "clear"; the store and
/// the courier take nothing else. That is how "fails closed" is a type and not a habit.
///
/// Immutable, cheap to copy, safe between threads.
class Sealed {
 public:
  /// Who may make one. Each is a small class with one reason to exist; whoever adds a name here answers for it.
  class Stamp {
    friend class SmimeSealer;  // made with CMS_encrypt
    friend class PgpSealer;    // made with gpg, packets checked
    friend class ZipSealer;    // attachments locked, opened again and compared
    friend class ClearByRule;  // a rule wrote "clear", or the message was found to be encrypted already
    friend class OwnWords;     // notices and bounces: composed by us, no word of the original in them
    friend class FromStore;    // read back what once was Sealed
    Stamp() = default;
  };

  Sealed(Stamp, std::string bytes) : bytes_(std::make_shared<const std::string>(std::move(bytes))) {}

  [[nodiscard]] std::string_view bytes() const { return *bytes_; }
  [[nodiscard]] std::size_t size() const { return bytes_->size(); }

 private:
  std::shared_ptr<const std::string> bytes_;
};

/// Makes Sealed messages out of our own words.
class OwnWords {
 public:
  /// `message` is a notice or a bounce, composed from templates; it must not hold the original's body, subject or
  /// names.
  [[nodiscard]] static Sealed sealed(std::string message) { return {Sealed::Stamp(), std::move(message)}; }
};

/// Makes Sealed messages of bytes that the store authenticated as written by itself.
class FromStore {
 public:
  [[nodiscard]] static Sealed sealed(std::string bytes) { return {Sealed::Stamp(), std::move(bytes)}; }
};

}  // namespace zegel::seal
