#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mail/entity_header.h"
#include "mail/octets.h"
#include "mail/structure.h"

namespace zegel::mail {

/// Makes one Structure. A stack of open containers takes the place of recursion: the innermost multipart's delimiters
/// are looked for first, then those around it.
class Scanner {
 public:
  Scanner(std::string_view bytes, const Bounds&);
  [[nodiscard]] Structure run();

 private:
  /// A multipart whose delimiters still count, or a message/rfc822 that holds another entity.
  struct Open {
    std::uint32_t part;
    std::string boundary = {};  ///< empty: message/rfc822
    bool closed = false;        ///< its close delimiter was seen: what follows is epilogue
    std::size_t epilogue = 0;   ///< where that begins
  };
  /// A delimiter line of an open multipart.
  struct Delimiter {
    std::size_t level;  ///< in open_
    bool close;
  };

  void begin_part(std::size_t at, std::uint32_t parent);
  void read_header();
  void enter_body();
  void open_multipart();
  void skip_body();
  void meet(const Delimiter&, std::size_t line);
  void end_preamble(Part& multipart, std::size_t end);
  void end_inner(std::size_t level, std::size_t end);
  std::size_t end_part(std::uint32_t part, std::size_t end);  ///< gives where it really ends
  void finish();
  void check_leaf(std::uint32_t part);
  void check_nested_boundary(std::string_view boundary, std::size_t at);

  [[nodiscard]] std::optional<Delimiter> delimiter_at(std::size_t line);
  [[nodiscard]] std::size_t line_end(std::size_t at) const;
  [[nodiscard]] std::size_t past_line(std::size_t at) const;
  [[nodiscard]] bool has_room(std::size_t at);
  void flaw(std::string_view name, std::string_view what, std::size_t at, bool fatal = false);

  std::string_view bytes_;
  Bounds bounds_;
  Structure out_;
  std::vector<Open> open_;
  Survey survey_;
  std::uint32_t current_ = Part::none;  ///< the part whose header or leaf body is being read; none in an epilogue
  std::size_t at_ = 0;
  bool done_ = false;
};

}  // namespace zegel::mail
