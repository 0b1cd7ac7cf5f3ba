#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

#include "mail/envelope.h"

/// How values lie in a row's locked details: fields one after the other, without names, in the order of the code.
namespace zegel::store {

/// Integers as LEB128, strings with their length in front.
class Packer {
 public:
  void number(std::uint64_t);
  void text(std::string_view);
  void envelope(const mail::Envelope&);
  void recipients(const std::vector<mail::Recipient>&);
  void mailbox(const std::optional<mail::Mailbox>&);
  [[nodiscard]] const std::string& bytes() const { return bytes_; }

 private:
  std::string bytes_;
};

/// What Unpacker throws when the bytes are not what Packer wrote.
struct BadRow : std::runtime_error {
  BadRow() : std::runtime_error("a row does not read as it was written") {}
};

/// Reads back what Packer wrote.
class Unpacker {
 public:
  explicit Unpacker(std::string_view bytes) : rest_(bytes) {}
  std::uint64_t number();
  std::string text();
  mail::Envelope envelope();
  std::vector<mail::Recipient> recipients();
  std::optional<mail::Mailbox> mailbox();
  template <class E>
  E word(E last) {
    const std::uint64_t value = number();
    if (value > static_cast<std::uint64_t>(last)) throw BadRow();
    return static_cast<E>(value);
  }

 private:
  std::string_view rest_;
};

}  // namespace zegel::store
