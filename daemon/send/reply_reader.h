#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/result.h"
#include "smtp/reply.h"

namespace zegel::send {

/// Puts the lines of a next hop's replies (RFC 5321 4.2.1) together, whatever the next hop sends: bounded in lines and
/// kept text, and never trusting a byte of it.
class ReplyReader {
 public:
  /// Lines longer than this end the connection. RFC 5321 4.5.3.1.5 says 512; some write novels.
  static constexpr std::size_t longest_line = 2'048;
  static constexpr std::size_t most_lines = 200;
  static constexpr std::size_t most_text = 16'384;

  /// `line` without its line end. Nothing: the reply goes on. Error: this is no SMTP reply, or there is no end to it.
  [[nodiscard]] Result<std::optional<smtp::Reply>> add(std::string_view line);

 private:
  smtp::Reply reply_;
  std::size_t lines_ = 0;
};

/// A reply on one line, for logs, reports and the queue's list: `550 5.1.1 no such user`. At most 500 octets.
[[nodiscard]] std::string one_line(const smtp::Reply&);

}  // namespace zegel::send
